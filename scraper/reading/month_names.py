"""The names of the months, in the languages of the world's newspapers.

A row is a month, a line of it a family of languages; inflected forms are given where dates use them. A name may be
cut short to three letters or more (``sept``, ``févr``), as long as what is left belongs to one month.
"""

from functools import lru_cache

# Germanic, Romance, Slavic (Latin, then Cyrillic script), Baltic and Finno-Ugric, others in Latin script, Greek,
# Semitic and Persian, Indian, Thai and others. An underscore stands for a space within a name.
NAMES = {
    1: """january januar jänner januari janúar janvier enero janeiro gennaio gener ianuarie jaan xaneiro stycznia
       styczeń leden ledna siječanj siječnja января январь січня січень студзеня януари јануар јануари sausio
       sausis janvāris janvārī jaanuar tammikuuta tammikuu január januára ocak yanvar janar urtarrila ionawr
       eanáir ιανουαρίου ιανουάριος ינואר يناير كانون_الثاني جانفي ژانویه جنوری जनवरी জানুয়ারি জানুয়ারী ஜனவரி
       జనవరి જાન્યુઆરી ജനുവരി ಜನವರಿ ਜਨਵਰੀ มกราคม ม.ค იანვარი იანვარს հունվարի ဇန်နဝါရီ មករា қаңтар""",
    2: """february februar feber februari febrúar février febrero fevereiro febbraio febrer februarie febreiro
       lutego luty únor února veljača veljače февраля февраль лютого лютий лютага февруари фебруар vasario
       vasaris februāris februārī veebruar helmikuuta helmikuu február februára şubat fevral shkurt otsaila
       chwefror feabhra pebrero φεβρουαρίου φεβρουάριος פברואר فبراير شباط فيفري فوریه فروری फरवरी फ़रवरी
       ফেব্রুয়ারি ফেব্রুয়ারী பிப்ரவரி ఫిబ్రవరి ફેબ્રુઆરી ഫെബ്രുവരി ಫೆಬ್ರವರಿ ਫਰਵਰੀ กุมภาพันธ์ ก.พ თებერვალი
       თებერვალს փետրվարի ဖေဖော်ဝါရီ កុម្ភៈ ақпан""",
    3: """march märz maerz maart mrt mars marts marso marzo março març martie marca marzec březen března ožujak
       ožujka mart марта март березня березень сакавіка kovo kovas martā märts maaliskuuta maaliskuu március
       marec martxoa mawrth márta machi mac maret μαρτίου μάρτιος מרץ مارس آذار مارچ मार्च মার্চ மார்ச் మార్చి
       માર્ચ മാർച്ച് ಮಾರ್ಚ್ ਮਾਰਚ มีนาคม มี.ค მარტი მარტს մարտի မတ် មីនា наурыз""",
    4: """april avril abril aprile aprilie kwietnia kwiecień duben dubna travanj travnja апреля апрель квітня
       квітень красавіка април балан balandžio balandis aprīlis aprīlī aprill huhtikuuta huhtikuu április apríl
       apríla nisan aprel prill apirila ebrill aibreán aprili απριλίου απρίλιος אפריל أبريل ابريل إبريل نيسان
       أفريل آوریل اپریل अप्रैल एप्रिल এপ্রিল ஏப்ரல் ఏప్రిల్ એપ્રિલ ഏപ്രിൽ ಏಪ್ರಿಲ್ ਅਪ੍ਰੈਲ เมษายน เม.ย აპრილი
       აპრილს ապրիլի ဧပြီ មេសា сәуір""",
    5: """may mai mei maj maí mayo maio maggio maig maja květen května svibanj svibnja мая май травня травень мај
       gegužės gegužė maijs maijā toukokuuta toukokuu május máj mája mayıs maiatza bealtaine μαΐου μαίου μάιος
       מאי مايو ماي أيار مه مئی मई मे মে மே మే મે മേയ് ಮೇ ਮਈ พฤษภาคม พ.ค მაისი მაისს մայիսի မေ ឧសភា мамыр""",
    6: """june juni júní juin junio junho giugno juny iunie xuño czerwca czerwiec červen června lipanj lipnja июня
       июнь червня червень чэрвеня юни јун јуни birželio birželis jūnijs jūnijā juuni kesäkuuta kesäkuu június
       jún júna haziran iyun qershor ekaina mehefin meitheamh hunyo jun ιουνίου ιούνιος יוני يونيو حزيران جوان
       ژوئن جون जून জুন ஜூன் జూన్ જૂન ജൂൺ ಜೂನ್ ਜੂਨ มิถุนายน มิ.ย ივნისი ივნისს հունիսի ဇွန် មិថុនា маусым""",
    7: """july juli júlí juillet julio julho luglio juliol iulie xullo lipca lipiec červenec července srpanj
       srpnja июля июль липня липень ліпеня юли јул јули liepos liepa jūlijs jūlijā juuli heinäkuuta heinäkuu
       július júl júla temmuz iyul korrik uztaila gorffennaf iúil hulyo julai ιουλίου ιούλιος יולי يوليو تموز
       جويلية ژوئیه جولائی जुलाई जुलै জুলাই ஜூலை జూలై જુલાઈ ജൂലൈ ಜುಲೈ ਜੁਲਾਈ กรกฎาคม ก.ค ივლისი ივლისს հուլիսի
       ဇူလိုင် កក្កដា шілде""",
    8: """august augustus augusti ágúst août aout agosto agost sierpnia sierpień srpen srpna kolovoz kolovoza
       августа август серпня серпень жніўня rugpjūčio rugpjūtis augusts augustā elokuuta elokuu augusztus
       augusta ağustos avqust gusht abuztua awst lúnasa agustus agosti ogos αυγούστου αύγουστος אוגוסט أغسطس
       اغسطس آب أوت اوت اگست अगस्त ऑगस्ट আগস্ট ஆகஸ்ட் ఆగస్టు ઑગસ્ટ ഓഗസ്റ്റ് ಆಗಸ್ಟ್ ਅਗਸਤ สิงหาคม ส.ค აგვისტო
       აგვისტოს օգոստոսի ဩဂုတ် សីហា тамыз""",
    9: """september septembre septiembre setiembre setembro settembre setembre septembrie września wrzesień září
       rujan rujna сентября сентябрь вересня вересень верасня септември септембар rugsėjo rugsėjis septembris
       septembrī syyskuuta syyskuu szeptember septembra eylül sentyabr shtator iraila medi meán_fómhair
       setyembre septemba σεπτεμβρίου σεπτέμβριος ספטמבר سبتمبر أيلول سپتامبر ستمبر सितंबर सितम्बर सप्टेंबर
       সেপ্টেম্বর செப்டம்பர் సెప్టెంబర్ સપ્ટેમ્બર സെപ്റ്റംബർ ಸೆಪ್ಟೆಂಬರ್ ਸਤੰਬਰ กันยายน ก.ย სექტემბერი სექტემბერს
       սեպտեմբերի စက်တင်ဘာ កញ្ញា қыркүйек""",
    10: """october oktober október octobre octubre outubro ottobre octombrie października październik říjen října
       октября октябрь жовтня жовтень кастрычніка октомври октобар spalio spalis oktobris oktobrī oktoober
       lokakuuta lokakuu októbra oktobra ekim oktyabr tetor urria hydref deireadh_fómhair oktubre oktoba
       οκτωβρίου οκτώβριος אוקטובר أكتوبر اكتوبر تشرين_الأول اکتبر اکتوبر अक्टूबर अक्तूबर ऑक्टोबर অক্টোবর
       அக்டோபர் అక్టోబర్ ઑક્ટોબર ഒക്ടോബർ ಅಕ್ಟೋಬರ್ ਅਕਤੂਬਰ ตุลาคม ต.ค ოქტომბერი ოქტომბერს հոկտեմբերի အောက်တိုဘာ
       តុលា қазан""",
    11: """november nóvember novembre noviembre novembro noiembrie listopada listopad listopadu studeni studenoga
       studenog ноября ноябрь листопада листопад лістапада ноември новембар lapkričio lapkritis novembris
       novembrī marraskuuta marraskuu novembra kasım noyabr nëntor azaroa tachwedd samhain nobyembre novemba
       nopember νοεμβρίου νοέμβριος נובמבר نوفمبر تشرين_الثاني نوامبر نومبر नवंबर नवम्बर नोव्हेंबर নভেম্বর
       நவம்பர் నవంబర్ નવેમ્બર നവംബർ ನವೆಂಬರ್ ਨਵੰਬਰ พฤศจิกายน พ.ย ნოემბერი ნოემბერს նոյեմբերի နိုဝင်ဘာ វិច្ឆិកា
       қараша""",
    12: """december dezember desember décembre diciembre dezembro dicembre desembre decembrie decembro grudnia
       grudzień prosinec prosince prosinac prosinca декабря декабрь грудня грудень снежня декември децембар
       gruodžio gruodis decembris decembrī detsember joulukuuta joulukuu decembra aralık dekabr dhjetor abendua
       rhagfyr nollaig disyembre desemba disember δεκεμβρίου δεκέμβριος דצמבר ديسمبر كانون_الأول دسامبر دسمبر
       दिसंबर दिसम्बर डिसेंबर ডিসেম্বর டிசம்பர் డిసెంబర్ ડિસેમ્બર ഡിസംബർ ಡಿಸೆಂಬರ್ ਦਸੰਬਰ ธันวาคม ธ.ค დეკემბერი
       დეკემბერს դեկտեմբերի ဒီဇင်ဘာ ធ្នូ желтоқсан""",
}
# Short forms that are no beginnings of a name, or that two months' names begin with.
SHORT = {
    "jän": 1, "ene": 1, "gen": 1, "sty": 1, "led": 1, "янв": 1, "січ": 1, "sau": 1, "ιαν": 1,
    "fév": 2, "lut": 2, "feb": 2, "фев": 2, "лют": 2,
    "mär": 3, "mrz": 3, "mar": 3, "mrt": 3, "maa": 3, "мар": 3, "бер": 3, "bře": 3, "μαρ": 3, "μάρ": 3,
    "apr": 4, "avr": 4, "abr": 4, "kwi": 4, "апр": 4, "кві": 4,
    "may": 5, "mai": 5, "maj": 5, "mag": 5, "mei": 5, "май": 5, "мая": 5, "тра": 5, "μαΐ": 5, "μαϊ": 5,
    "jun": 6, "jui": 6, "giu": 6, "cze": 6, "июн": 6, "чер": 6, "jūn": 6,
    "jul": 7, "juil": 7, "lug": 7, "lip": 7, "июл": 7, "лип": 7, "jūl": 7,
    "aug": 8, "ago": 8, "aoû": 8, "sie": 8, "авг": 8, "сер": 8, "ağu": 8, "ogo": 8,
    "sep": 9, "sept": 9, "set": 9, "wrz": 9, "сен": 9, "вер": 9, "eyl": 9, "zář": 9,
    "oct": 10, "okt": 10, "out": 10, "ott": 10, "paź": 10, "říj": 10, "окт": 10, "жов": 10, "eki": 10,
    "nov": 11, "noe": 11, "lis": 11, "stu": 11, "ноя": 11, "лис": 11, "kas": 11,
    "dec": 12, "déc": 12, "dez": 12, "dic": 12, "des": 12, "gru": 12, "дек": 12, "гру": 12, "ara": 12,
}  # fmt: skip
JALALI_NAMES = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"
ARABIC_LETTERS = str.maketrans("یک", "يك")  # with which Persian is often typed
JALALI = {
    spelt: month
    for month, name in enumerate(JALALI_NAMES.split(), start=1)
    for spelt in (name, name.translate(ARABIC_LETTERS))
}
SHORTEST = 3  # letters that a cut name keeps
LONGEST_CUT = 5  # a longer piece is a name, or no month


def _spellings() -> dict[str, int]:
    """Every name and every beginning of one that belongs to a single month."""
    full: dict[str, int] = {}
    begun: dict[str, set[int]] = {}
    for month, row in NAMES.items():
        for name in (name.replace("_", " ").casefold() for name in row.split()):
            full.setdefault(name, month)
            for length in range(SHORTEST, min(len(name), LONGEST_CUT + 1)):
                begun.setdefault(name[:length], set()).add(month)
    clear = {piece: next(iter(months)) for piece, months in begun.items() if len(months) == 1}
    return {**clear, **SHORT, **full}


SPELLINGS = _spellings()


@lru_cache(maxsize=2_000)
def month_of(word: str) -> int | None:
    """The number (1-12) of the Gregorian month that ``word`` names, in full or cut short."""
    word = word.casefold().strip(".")
    found = SPELLINGS.get(word)
    if found is None and word.startswith("ב"):  # Hebrew "in" is written together with the month
        found = SPELLINGS.get(word[1:])
    return found
