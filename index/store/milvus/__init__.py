"""A store on Milvus, for libraries that outgrow one machine; needs the extra ``cluster``."""
