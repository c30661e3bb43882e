"""The names of the months by language, in lower case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["ENGLISH_MONTHS", "MONTHS", "NOMINATIVES", "OTHER_MONTHS", "SHORT_MONTHS", "month_names",
           "shortened_months"]  # fmt: skip

MONTHS: Final[Mapping[str, tuple[str, ...]]] = {
    language: tuple(names.split())
    for language, names in {
        "en": "january february march april may june july august september october november"
        " december",
        "de": "januar februar märz april mai juni juli august september oktober november dezember",
        "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre"
        " décembre",
        "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre"
        " diciembre",
        "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre"
        " novembre dicembre",
        "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro"
        " dezembro",
        "nl": "januari februari maart april mei juni juli augustus september oktober november"
        " december",
        # As dates have them, which decline the name.
        "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
        "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада"
        " грудня",
        "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października"
        " listopada grudnia",
        "cs": "ledna února března dubna května června července srpna září října listopadu prosince",
        "sk": "januára februára marca apríla mája júna júla augusta septembra októbra novembra"
        " decembra",
        "sv": "januari februari mars april maj juni juli augusti september oktober november"
        " december",
        "da": "januar februar marts april maj juni juli august september oktober november december",
        "nb": "januar februar mars april mai juni juli august september oktober november desember",
        "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta"
        " elokuuta syyskuuta lokakuuta marraskuuta joulukuuta",
        "tr": "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    }.items()
}
# What months are called in English, whole and shortened, with their number (1 to 12).
ENGLISH_MONTHS: Final[Mapping[str, int]] = {
    **{name: number for number, name in enumerate(MONTHS["en"], start=1)},
    **{name[:3]: number for number, name in enumerate(MONTHS["en"], start=1)},
    "sept": 9,
}
# The names by themselves, in languages that decline them.
NOMINATIVES: Final[tuple[tuple[str, ...], ...]] = tuple(
    zip(
        *(
            names.split()
            for names in (
                "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
                "січень лютий березень квітень травень червень липень серпень вересень жовтень"
                " листопад грудень",
                "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik"
                " listopad grudzień",
                "leden únor březen duben květen červen červenec srpen září říjen listopad prosinec",
                "január február marec apríl máj jún júl august september október november december",
                "tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu"
                " lokakuu marraskuu joulukuu",
            )
        ),
        strict=True,
    )
)
# Names in the form that dates have, by language, for which nothing else depends on the language.
OTHER_MONTHS: Final[tuple[tuple[str, ...], ...]] = tuple(
    tuple(name.replace("_", " ") for name in names.split())
    for names in (
        "ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου"
        " οκτωβρίου νοεμβρίου δεκεμβρίου",
        "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie"
        " decembrie",
        "január február március április május június július augusztus szeptember október november"
        " december",
        "януари февруари март април май юни юли август септември октомври ноември декември",
        "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga"
        " prosinca",
        "јануар фебруар март април мај јун јул август септембар октобар новембар децембар",
        "januar februar mart april maj jun jul avgust septembar oktobar novembar decembar",
        "januar februar marec april maj junij julij avgust september oktober november december",
        "jaanuar veebruar märts aprill mai juuni juuli august september oktoober november"
        " detsember",
        "janvārī februārī martā aprīlī maijā jūnijā jūlijā augustā septembrī oktobrī novembrī"
        " decembrī",
        "janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris"
        " novembris decembris",
        "sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio"
        " gruodžio",
        "janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember",
        "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",
        "urtarrilaren otsailaren martxoaren apirilaren maiatzaren ekainaren uztailaren abuztuaren"
        " irailaren urriaren azaroaren abenduaren",
        "xaneiro febreiro marzo abril maio xuño xullo agosto setembro outubro novembro decembro",
        "ionawr chwefror mawrth ebrill mai mehefin gorffennaf awst medi hydref tachwedd rhagfyr",
        "januari februari maret april mei juni juli agustus september oktober november desember",
        "januari februari mac april mei jun julai ogos september oktober november disember",
        "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
        "בינואר בפברואר במרץ באפריל במאי ביוני ביולי באוגוסט בספטמבר באוקטובר בנובמבר בדצמבר",
        "ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר",
        "студзеня лютага сакавіка красавіка мая чэрвеня ліпеня жніўня верасня кастрычніка"
        " лістапада снежня",
        "јануари февруари март април мај јуни јули август септември октомври ноември декември",
        "janar shkurt mars prill maj qershor korrik gusht shtator tetor nëntor dhjetor",
        "जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",
        "जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितम्बर अक्तूबर नवम्बर दिसम्बर",
        "जानेवारी फेब्रुवारी मार्च एप्रिल मे जून जुलै ऑगस्ट सप्टेंबर ऑक्टोबर नोव्हेंबर डिसेंबर",
        "जनवरी फेब्रुअरी मार्च अप्रिल मे जुन जुलाई अगस्ट सेप्टेम्बर अक्टोबर नोभेम्बर डिसेम्बर",
        "জানুয়ারি ফেব্রুয়ারি মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর",
        "જાન્યુઆરી ફેબ્રુઆરી માર્ચ એપ્રિલ મે જૂન જુલાઈ ઑગસ્ટ સપ્ટેમ્બર ઑક્ટોબર નવેમ્બર ડિસેમ્બર",
        "ਜਨਵਰੀ ਫ਼ਰਵਰੀ ਮਾਰਚ ਅਪ੍ਰੈਲ ਮਈ ਜੂਨ ਜੁਲਾਈ ਅਗਸਤ ਸਤੰਬਰ ਅਕਤੂਬਰ ਨਵੰਬਰ ਦਸੰਬਰ",
        "ஜனவரி பிப்ரவரி மார்ச் ஏப்ரல் மே ஜூன் ஜூலை ஆகஸ்ட் செப்டம்பர் அக்டோபர் நவம்பர் டிசம்பர்",
        "జనవరి ఫిబ్రవరి మార్చి ఏప్రిల్ మే జూన్ జులై ఆగస్టు సెప్టెంబర్ అక్టోబర్ నవంబర్ డిసెంబర్",
        "ಜನವರಿ ಫೆಬ್ರವರಿ ಮಾರ್ಚ್ ಏಪ್ರಿಲ್ ಮೇ ಜೂನ್ ಜುಲೈ ಆಗಸ್ಟ್ ಸೆಪ್ಟೆಂಬರ್ ಅಕ್ಟೋಬರ್ ನವೆಂಬರ್ ಡಿಸೆಂಬರ್",
        "ജനുവരി ഫെബ്രുവരി മാർച്ച് ഏപ്രിൽ മേയ് ജൂൺ ജൂലൈ ഓഗസ്റ്റ് സെപ്റ്റംബർ ഒക്ടോബർ നവംബർ ഡിസംബർ",
        "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
        "جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر",
        "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",
        # Names of two words have a line between them here.
        "كانون_الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين_الأول تشرين_الثاني"
        " كانون_الأول",
        "جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر",
        "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr",
    )
)
# Short forms, and spellings without accents, of one month after the other.
SHORT_MONTHS: Final[tuple[tuple[str, ...], ...]] = tuple(
    tuple(names.split())
    for names in (
        "jan janv ene gen jänner",
        "feb févr fevrier febb fev",
        "mar maerz mrz mrt marco",
        "apr avr abr",
        "mag",
        "jun giu",
        "jul juil lug",
        "aug aout ago",
        "sept sep sett set",
        "oct okt ott out",
        "nov",
        "dec dez déc decembre dic",
    )
)

# Languages that shorten months to their first three or four letters, beside those above. Czech ones
# are words of product names ("14 Pro 2024").
_SHORT_FORM_NAMES: Final = (
    *(MONTHS[language] for language in ("ru", "uk", "pl", "tr")),
    OTHER_MONTHS[0],
)


def shortened_months() -> dict[str, int]:
    """Return what months are shortened to, with their number (1 to 12), without what may be the
    beginning of two: "lip" is July in Polish and June in Croatian."""
    numbers: dict[str, set[int]] = {}
    nominatives = zip(*NOMINATIVES, strict=True)
    for names in (*MONTHS.values(), *nominatives, *OTHER_MONTHS):
        for number, name in enumerate(names, start=1):
            for length in (3, 4):
                numbers.setdefault(name[:length], set()).add(number)
    short = {name[:length] for names in _SHORT_FORM_NAMES for name in names for length in (3, 4)}
    return {name: min(numbers[name]) for name in sorted(short) if len(numbers[name]) == 1}


def month_names(*languages: str) -> frozenset[str]:
    """Return the full names in these languages."""
    return frozenset(name for language in languages for name in MONTHS[language])
