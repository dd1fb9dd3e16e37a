package corpus

import "strings"

// yearStyle says where a publisher prints the year of an edition.
type yearStyle int

const (
	yearDash  yearStyle = iota // GB 50016-2014, GB 50045-95, ASTM A615-22
	yearGOST                   // ГОСТ 12.1.004-91, but ГОСТ ISO 9692-1 (a part)
	yearColon                  // ISO 9001:2015, SNI 1726:2019
	yearDot                    // СП 1.13130.2020
	yearSlash                  // ТР ТС 014/2011
	yearNone                   // 29 CFR 1926.501
)

// publisher is a row of the table of designation prefixes.
type publisher struct {
	prefix       string // canonical
	also         string // other spellings, separated by |
	slug         string // in identifiers; "" means transliterate prefix
	jurisdiction Jurisdiction
	tradition    Tradition
	language     Language // "" when the publisher writes in several
	years        yearStyle
	carries      bool // may stand before another publisher's prefix: DIN EN ISO
	issuer       string
}

// publishers is the table of prefixes of standards' designations, with what a
// prefix says about where the standard binds, how it is drafted and in which
// language. Facts are the publishers' own numbering rules; longer prefixes are
// tried first.
var publishers = []publisher{
	{"GB", "", "", "CN", TraditionGB, "zh", yearDash, false, "SAC"},
	{"GB/T", "", "", "CN", TraditionGB, "zh", yearDash, false, "SAC"},
	{"GB/Z", "", "", "CN", TraditionGB, "zh", yearDash, false, "SAC"},
	{"GBJ", "", "", "CN", TraditionGBConstruction, "zh", yearDash, false, "MOHURD"},
	{"GBZ", "GBZ/T", "", "CN", TraditionGB, "zh", yearDash, false, "NHC"},
	{"JGJ", "JGJ/T", "", "CN", TraditionGBConstruction, "zh", yearDash, false, "MOHURD"},
	{"JG", "JG/T", "", "CN", TraditionGB, "zh", yearDash, false, "MOHURD"},
	{"CJJ", "CJJ/T", "", "CN", TraditionGBConstruction, "zh", yearDash, false, "MOHURD"},
	{"CJ", "CJ/T", "", "CN", TraditionGB, "zh", yearDash, false, "MOHURD"},
	{"JTG", "JTG/T", "", "CN", TraditionGBConstruction, "zh", yearDash, false, "MOT"},
	{"JTS", "JTS/T", "", "CN", TraditionGBConstruction, "zh", yearDash, false, "MOT"},
	{"JT/T", "", "", "CN", TraditionGB, "zh", yearDash, false, "MOT"},
	{"JB", "JB/T", "", "CN", TraditionGB, "zh", yearDash, false, "MIIT"},
	{"TB", "TB/T", "", "CN", TraditionGBConstruction, "zh", yearDash, false, "NRA"},
	{"DL", "DL/T", "", "CN", TraditionGBConstruction, "zh", yearDash, false, "NEA"},
	{"NB", "NB/T", "", "CN", TraditionGB, "zh", yearDash, false, "NEA"},
	{"SL", "SL/T", "", "CN", TraditionGBConstruction, "zh", yearDash, false, "MWR"},
	{"HJ", "HJ/T", "", "CN", TraditionGB, "zh", yearDash, false, "MEE"},
	{"HG", "HG/T", "", "CN", TraditionGB, "zh", yearDash, false, "MIIT"},
	{"YD", "YD/T", "", "CN", TraditionGB, "zh", yearDash, false, "MIIT"},
	{"YY", "YY/T", "", "CN", TraditionGB, "zh", yearDash, false, "NMPA"},
	{"SJ", "SJ/T", "", "CN", TraditionGB, "zh", yearDash, false, "MIIT"},
	{"QC/T", "", "", "CN", TraditionGB, "zh", yearDash, false, "MIIT"},
	{"AQ", "AQ/T", "", "CN", TraditionGB, "zh", yearDash, false, "MEM"},
	{"XF", "XF/T|GA|GA/T", "", "CN", TraditionGB, "zh", yearDash, false, "MEM"},
	{"JR/T", "", "", "CN", TraditionGB, "zh", yearDash, false, "PBC"},
	{"T/CECS", "CECS", "", "CN", TraditionGBConstruction, "zh", yearDash, false, "CECS"},
	{"建标", "", "jianbiao", "CN", TraditionGBConstruction, "zh", yearDash, false, "MOHURD"},
	{"DGJ", "DG/TJ|DGJ08|DBJ|DBJ/T", "", "CN", TraditionGBConstruction, "zh", yearDash, false, ""},
	{"CNS", "", "", "TW", TraditionISO, "zh-Hant", yearColon, false, "BSMI"},

	{"ГОСТ", "", "gost", "EAEU", TraditionGOST, "ru", yearGOST, true, "МГС"},
	{"ГОСТ Р", "", "gost-r", "RU", TraditionGOST, "ru", yearGOST, true, "Росстандарт"},
	{"GOST", "", "gost", "EAEU", TraditionGOST, "ru", yearGOST, true, "МГС"},
	{"GOST R", "", "gost-r", "RU", TraditionGOST, "ru", yearGOST, true, "Росстандарт"},
	{"ПНСТ", "", "pnst", "RU", TraditionGOST, "ru", yearGOST, false, "Росстандарт"},
	{"ПМГ", "", "pmg", "EAEU", TraditionGOST, "ru", yearGOST, false, "МГС"},
	{"РМГ", "", "rmg", "EAEU", TraditionGOST, "ru", yearGOST, false, "МГС"},
	{"ИСО", "", "iso", "INT", TraditionISO, "ru", yearGOST, true, "ISO"},
	{"ИСО/МЭК", "", "iso-iec", "INT", TraditionISO, "ru", yearGOST, true, "ISO/IEC"},
	{"МЭК", "", "iec", "INT", TraditionISO, "ru", yearGOST, true, "IEC"},
	{"ЕН", "", "en", "EU", TraditionEN, "ru", yearGOST, true, "CEN"},
	{"МФС", "", "isp", "INT", TraditionISO, "ru", yearGOST, true, "ISO"},
	{"ТО", "", "tr", "INT", TraditionISO, "ru", yearGOST, true, "ISO"},
	{"СП", "", "sp", "RU", TraditionRUBuilding, "ru", yearDot, false, "Минстрой России"},
	{"СНиП", "", "snip", "RU", TraditionRUBuilding, "ru", yearGOST, false, "Госстрой"},
	{"СН", "", "sn", "RU", TraditionRUBuilding, "ru", yearGOST, false, "Госстрой"},
	{"СанПиН", "", "sanpin", "RU", TraditionRUBuilding, "ru", yearGOST, false, "Роспотребнадзор"},
	{"НПБ", "", "npb", "RU", TraditionRUBuilding, "ru", yearGOST, false, "МЧС России"},
	{"ВСН", "", "vsn", "RU", TraditionRUBuilding, "ru", yearGOST, false, ""},
	{"РД", "", "rd", "RU", TraditionRUBuilding, "ru", yearGOST, false, ""},
	{"ТР ТС", "", "tr-ts", "EAEU", TraditionRULaw, "ru", yearSlash, false, "ЕЭК"},
	{"ТР ЕАЭС", "", "tr-eaeu", "EAEU", TraditionRULaw, "ru", yearSlash, false, "ЕЭК"},
	{"СТ РК", "", "st-rk", "KZ", TraditionGOST, "ru", yearGOST, true, "КТРМ"},
	{"СН РК", "", "sn-rk", "KZ", TraditionRUBuilding, "ru", yearGOST, true, "КДС и ЖКХ"},
	{"СП РК", "", "sp-rk", "KZ", TraditionRUBuilding, "ru", yearGOST, true, "КДС и ЖКХ"},
	{"ҚР СТ", "", "qr-st", "KZ", TraditionGOST, "kk", yearGOST, true, "КТРМ"},
	{"ҚР ҚН", "", "qr-qn", "KZ", TraditionRUBuilding, "kk", yearGOST, true, "КДС и ЖКХ"},
	{"ҚР ЕЖ", "", "qr-ezh", "KZ", TraditionRUBuilding, "kk", yearGOST, true, "КДС и ЖКХ"},
	{"СТБ", "", "stb", "BY", TraditionGOST, "ru", yearGOST, true, "Госстандарт"},
	{"ТКП", "", "tkp", "BY", TraditionRUBuilding, "ru", yearGOST, true, "МАиС"},
	{"КМК", "", "kmk", "UZ", TraditionRUBuilding, "ru", yearGOST, false, ""},
	{"O'z DSt", "Oʻz DSt|O‘z DSt", "ozdst", "UZ", TraditionGOST, "uz", yearColon, true, ""},
	{"ДСТУ", "", "dstu", "UA", TraditionGOST, "uk", yearColon, true, ""},

	{"ISO", "", "", "INT", TraditionISO, "", yearColon, true, "ISO"},
	{"IEC", "", "", "INT", TraditionISO, "", yearColon, true, "IEC"},
	{"ISO/IEC", "", "", "INT", TraditionISO, "", yearColon, true, "ISO/IEC"},
	{"ISO/TS", "ISO/IEC TS", "", "INT", TraditionISO, "", yearColon, false, "ISO"},
	{"ISO/TR", "ISO/IEC TR", "", "INT", TraditionISO, "", yearColon, false, "ISO"},
	{"ISO/PAS", "", "", "INT", TraditionISO, "", yearColon, false, "ISO"},
	{"ISO/IEC Guide", "ISO Guide", "", "INT", TraditionISO, "", yearColon, false, "ISO/IEC"},
	{"ITU-T", "", "", "INT", TraditionISO, "", yearColon, false, "ITU"},
	{"EN", "", "", "EU", TraditionEN, "", yearColon, true, "CEN"},
	{"prEN", "", "", "EU", TraditionEN, "", yearColon, true, "CEN"},
	{"FprEN", "", "", "EU", TraditionEN, "", yearColon, true, "CEN"},
	{"CEN/TS", "CEN/TR", "", "EU", TraditionEN, "", yearColon, false, "CEN"},
	{"ETSI EN", "ETSI TS|ETSI TR", "", "EU", TraditionEN, "en", yearColon, false, "ETSI"},
	{"NF", "", "", "FR", TraditionFRStandard, "fr", yearColon, true, "AFNOR"},
	{"DIN", "", "", "DE", TraditionEN, "de", yearColon, true, "DIN"},
	{"VDE", "VDI", "", "DE", TraditionEN, "de", yearColon, false, "VDE"},
	{"BS", "", "", "GB", TraditionEN, "en", yearColon, true, "BSI"},
	{"PAS", "", "", "GB", TraditionEN, "en", yearColon, false, "BSI"},
	{"NA to BS", "", "", "GB", TraditionEN, "en", yearColon, true, "BSI"},
	{"UNE", "", "", "ES", TraditionESStandard, "es", yearColon, true, "UNE"},
	{"UNI", "", "", "IT", TraditionEN, "it", yearColon, true, "UNI"},
	{"NEN", "", "", "NL", TraditionEN, "nl", yearColon, true, "NEN"},
	{"NBN", "", "", "BE", TraditionEN, "", yearColon, true, "NBN"},
	{"SN", "", "", "CH", TraditionEN, "", yearColon, true, "SNV"},
	{"ÖNORM", "", "oenorm", "AT", TraditionEN, "de", yearColon, true, "ASI"},
	{"PN", "", "", "PL", TraditionEN, "pl", yearColon, true, "PKN"},
	{"ČSN", "", "", "CZ", TraditionEN, "cs", yearColon, true, "ČAS"},
	{"SFS", "", "", "FI", TraditionEN, "fi", yearColon, true, "SFS"},
	{"NP", "", "", "PT", TraditionEN, "pt", yearColon, true, "IPQ"},
	{"TS", "", "", "TR", TraditionEN, "tr", yearColon, true, "TSE"},

	{"ASTM", "", "", "US", TraditionUSCode, "en", yearDash, false, "ASTM"},
	{"ACI", "", "", "US", TraditionUSCode, "en", yearDash, false, "ACI"},
	{"ANSI", "", "", "US", TraditionUSCode, "en", yearDash, true, "ANSI"},
	{"ASHRAE", "", "", "US", TraditionUSCode, "en", yearDash, false, "ASHRAE"},
	{"ASCE", "ASCE/SEI", "", "US", TraditionUSCode, "en", yearDash, false, "ASCE"},
	{"ASME", "", "", "US", TraditionUSCode, "en", yearDash, false, "ASME"},
	{"AISC", "", "", "US", TraditionUSCode, "en", yearDash, false, "AISC"},
	{"AASHTO", "", "", "US", TraditionUSCode, "en", yearDash, false, "AASHTO"},
	{"NFPA", "", "", "US", TraditionUSCode, "en", yearDash, false, "NFPA"},
	{"IBC", "IFC", "", "US", TraditionUSCode, "en", yearDash, false, "ICC"},
	{"UL", "", "", "US", TraditionUSCode, "en", yearDash, false, "UL"},
	{"ICC", "", "", "US", TraditionUSCode, "en", yearDash, false, "ICC"},
	{"IEEE", "", "", "US", TraditionISO, "en", yearDash, false, "IEEE"},
	{"API", "", "", "US", TraditionUSCode, "en", yearDash, false, "API"},
	{"NIST SP", "NISTIR|FIPS", "", "US", TraditionUSCode, "en", yearNone, false, "NIST"},
	{"CFR", "", "", "US", TraditionUSCode, "en", yearNone, false, "US Government"},
	{"CSA", "", "", "CA", TraditionUSCode, "en", yearColon, false, "CSA"},
	{"SOR", "DORS", "", "CA", TraditionUSCode, "", yearNone, false, "Government of Canada"},
	{"WCAG", "", "", "INT", TraditionISO, "en", yearNone, false, "W3C"},
	{"OWASP ASVS", "OWASP MASVS|ASVS|MASVS|OWASP Application Security Verification Standard|OWASP Mobile Application Security Verification Standard", "", "INT", TraditionISO, "", yearNone, false, "OWASP"},
	{"PCI DSS", "", "", "INT", TraditionISO, "en", yearNone, false, "PCI SSC"},

	{"SNI", "", "", "ID", TraditionISO, "id", yearColon, true, "BSN"},
	{"TCVN", "", "", "VN", TraditionISO, "vi", yearColon, true, "STAMEQ"},
	{"QCVN", "", "", "VN", TraditionISO, "vi", yearColon, false, ""},
	{"TCXDVN", "", "", "VN", TraditionISO, "vi", yearColon, false, ""},
	{"Nghị định", "Thông tư|Quyết định", "", "VN", TraditionVNLaw, "vi", yearSlash, false, "Chính phủ"},
	{"MS", "", "", "MY", TraditionISO, "", yearColon, true, "DSM"},
	{"SS", "", "", "SG", TraditionISO, "en", yearColon, true, "Enterprise Singapore"},
	{"TIS", "มอก.", "tis", "TH", TraditionISO, "", yearDash, false, "TISI"},
	{"PNS", "", "", "PH", TraditionISO, "en", yearColon, true, "BPS"},
	{"IS", "", "", "IN", TraditionISO, "en", yearColon, false, "BIS"},
	{"PS", "", "", "PK", TraditionISO, "en", yearDash, false, "PSQCA"},
	{"BDS", "", "", "BD", TraditionISO, "en", yearColon, true, "BSTI"},
	{"JIS", "", "", "JP", TraditionISO, "ja", yearColon, false, "JSA"},
	{"KS", "", "", "KR", TraditionISO, "ko", yearColon, true, "KATS"},
	{"MNS", "", "", "MN", TraditionISO, "mn", yearColon, true, "MASM"},
	{"GSO", "", "", "GCC", TraditionARStandard, "", yearColon, true, "GSO"},
	{"SASO", "", "", "SA", TraditionARStandard, "", yearColon, true, "SASO"},
	{"SBC", "", "", "SA", TraditionARStandard, "ar", yearDash, false, "SBC National Committee"},
	{"UAE.S", "", "", "AE", TraditionARStandard, "", yearColon, true, "MoIAT"},
	{"م ق س", "", "ss-ar", "SA", TraditionARStandard, "ar", yearColon, false, "SASO"},
	{"ES", "", "", "EG", TraditionARStandard, "", yearColon, true, "EOS"},
	{"NM", "", "", "MA", TraditionFRStandard, "fr", yearColon, true, "IMANOR"},
	{"SANS", "", "", "ZA", TraditionISO, "en", yearColon, true, "SABS"},
	{"KEBS", "KS EAS", "", "KE", TraditionISO, "en", yearColon, true, "KEBS"},
	{"NBR", "ABNT NBR", "", "BR", TraditionISO, "pt", yearColon, true, "ABNT"},
	{"AS", "AS/NZS", "", "AU", TraditionISO, "en", yearColon, true, "Standards Australia"},
	{"NCh", "", "", "CL", TraditionESStandard, "es", yearColon, false, "INN"},
	{"NTC", "", "", "CO", TraditionESStandard, "es", yearColon, false, "ICONTEC"},
	{"IRAM", "", "", "AR", TraditionESStandard, "es", yearColon, false, "IRAM"},
	{"NOM", "", "", "MX", TraditionESStandard, "es", yearDash, false, ""},
	{"NTP", "", "", "PE", TraditionESStandard, "es", yearColon, false, "INACAL"},

	{"Regulation (EU)", "Règlement (UE)|Reglamento (UE)|Verordnung (EU)|Regulation (EC)|Règlement (CE)|Reglamento (CE)|Regulation (EEC)|Regulation (Euratom)", "", "EU", TraditionEULaw, "", yearSlash, false, "EU"},
	{"Directive (EU)", "Directive|Directiva (UE)|Directiva|Richtlinie (EU)|Richtlinie|Directive (UE)", "", "EU", TraditionEULaw, "", yearSlash, false, "EU"},
	{"Decision (EU)", "Decision (EC)|Decision (EEC)", "", "EU", TraditionEULaw, "", yearSlash, false, "EU"},
}

// namedDocuments are the well-known ones whose designation is a name and not a
// prefix with figures. A letter or figure follows the name.
var namedDocuments = []publisher{
	{"Approved Document", "", "", "GB", TraditionUKGuidance, "en", yearNone, false, "HM Government"},
	{"CTE DB", "DB", "", "ES", TraditionESLaw, "es", yearNone, false, "Ministerio de Vivienda"},
}

// spellings lists a publisher's canonical prefix and its other ones.
func (p publisher) spellings() []string {
	all := []string{p.prefix}
	if p.also != "" {
		all = append(all, strings.Split(p.also, "|")...)
	}
	return all
}

// Publisher is what a designation's prefix says about a standard.
type Publisher struct {
	Prefix       string
	Issuer       string
	Jurisdiction Jurisdiction
	Tradition    Tradition
	Language     Language // "" when the publisher writes in several
}

// PublisherOf guesses from a designation's prefix where the standard binds, how
// it is drafted and in which language it is written. It says false when the
// prefix is not in the table. GB 55xxx are the general codes (every article
// mandatory), GB 50xxx and 51xxx the construction series.
func PublisherOf(designation string) (Publisher, bool) {
	if act, _, ok := euActAt(strings.TrimSpace(designation)); ok {
		kind, _, _ := strings.Cut(act.Publisher, " (")
		designation = kind + " (EU) " + act.Number
	}
	p, size, ok := publisherAt(strings.TrimSpace(designation))
	if !ok {
		return Publisher{}, false
	}
	out := Publisher{Prefix: p.prefix, Issuer: p.issuer, Jurisdiction: p.jurisdiction, Tradition: p.tradition, Language: p.language}
	number := strings.TrimLeft(strings.TrimSpace(designation)[size:], " \u00a0")
	if p.jurisdiction == "CN" && p.tradition == TraditionGB && strings.HasPrefix(p.prefix, "GB") {
		switch {
		case strings.HasPrefix(number, "55") && len(leadingDigits(number)) == 5:
			out.Tradition, out.Issuer = TraditionGBGeneralCode, "MOHURD"
		case (strings.HasPrefix(number, "50") || strings.HasPrefix(number, "51")) && len(leadingDigits(number)) == 5:
			out.Tradition, out.Issuer = TraditionGBConstruction, "MOHURD"
		}
	}
	return out, true
}

func leadingDigits(s string) string {
	ascii, _ := figures(s)
	return ascii
}
