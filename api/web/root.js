// Where the server's addresses begin: "/", or "/l/NAME/" of one of several libraries, as far as this
// file comes from there.

const ROOT = new URL("..", import.meta.url).pathname;

/** The address of a path of the server. */
export const at = (path) => ROOT + path.slice(1);

/** What is kept in the browser under a name, for each library apart. */
export const keptAs = (name) => (ROOT === "/" ? name : `${name} ${ROOT}`);

/** What the library is called among several; nothing where it is the only one. */
export const libraryName = () => /\/l\/([\w-]+)\/$/.exec(ROOT)?.[1] ?? "";
