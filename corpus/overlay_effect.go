package corpus

import (
	"regexp"
	"strings"
)

// EffectAct is what an overlay does to a clause of its base.
type EffectAct string

// The acts. Reworded changes words inside a clause, which are not put together
// here; a choice completes a clause by what a nation determined.
const (
	EffectReplaced EffectAct = "replaced"
	EffectAdded    EffectAct = "added"
	EffectDeleted  EffectAct = "deleted"
	EffectReworded EffectAct = "reworded"
	EffectChoice   EffectAct = "choice"
)

// Effect is what one clause of an overlay does to one clause of the base.
type Effect struct {
	Act    EffectAct
	By     ClauseID // of the overlay, that orders it
	Number string   // of the clause of the base, normalised
	Base   ClauseID // "" where the base has no single clause of the number
	// New is the clause that applies instead, or is new, under the overlay's id of
	// the clause that holds its text; its text is "" where none was found.
	New Clause
	Why string // the words that order it; "" when the number alone says so
	// Was is how it was read before a person corrected it, nil of one as it was read;
	// what a person found that was not read was no act.
	Was  *EffectRead
	rest string // of the clause's wording, behind the order
}

// effectForm is one way of ordering a change: %N stands for the number of a
// clause of the base. A form without one orders it of the clause it stands in.
type effectForm struct {
	act  EffectAct
	form *regexp.Regexp
	own  bool
}

func orders(act EffectAct, pattern string) effectForm {
	const number = `([A-ZА-Я]?\.?[\d٠-٩]+(?:\.[\d٠-٩]+)*)`
	return effectForm{act, regexp.MustCompile(`(?i)` + strings.Replace(pattern, "%N", number, 1)), !strings.Contains(pattern, "%N")}
}

// effectForms is the table of orders, the first that fits a line counts. After
// the amendments of ISO/IEC, EN, SAC (修改单), GOST and the acts of the EU, France,
// Spain, Germany and the Arab states; the lists are our own.
var effectForms = []effectForm{
	orders(EffectReworded, `(?:^|in )(?:(?:sub-?)?clause |article |section )?%N[^\n]{0,40}\breplace ["“'][^\n]+["”'] (?:by|with)`),
	orders(EffectReworded, `(?:^|[.;:—–] ?)replace ["“'][^\n]+["”'] (?:by|with) ["“'][^\n]+["”'] in (?:(?:sub-?)?clause |article |section )?%N`),
	orders(EffectReplaced, `(?:^|[.;:—–] ?)replace (?:the (?:whole )?(?:existing )?(?:text|wording|content)s? of )?(?:(?:sub-?)?clause |article |section |paragraph )?%N[^:\n]{0,40}? (?:by|with)\b(?: the following(?: text)?)?`),
	orders(EffectReplaced, `(?:(?:sub-?)?clause |article |section |paragraph |^)%N[^:\n]{0,40}? (?:is|shall be) (?:replaced|substituted)(?: (?:by|with)(?: the following)?)?`),
	orders(EffectDeleted, `(?:^|[.;:—–] ?)delete (?:the (?:whole )?(?:text|content)s? of )?(?:(?:sub-?)?clause |article |section |paragraph )?%N`),
	orders(EffectDeleted, `(?:(?:sub-?)?clause |article |section |paragraph |^)%N (?:is|shall be) deleted`),
	orders(EffectAdded, `(?:^|[.;:—–] ?)add (?:the following )?(?:a )?(?:new )?(?:(?:sub-?)?clause |article |section |paragraph )%N`),
	orders(EffectChoice, `\b(?:NDP|NCI) (?:zu|to|for|к) %N`),
	orders(EffectReworded, `第?\s*%N\s*条?中?[，,]?\s*[将把]?\s*[“"「][^\n]+[”"」]\s*(?:修改为|改为|更改为|替换为)`),
	orders(EffectReplaced, `第?\s*%N\s*条?[^。；\n“"「]{0,12}?(?:修改为|改为|更改为|替换为|修订为)`),
	orders(EffectDeleted, `(?:删除|取消|删去)\s*第?\s*%N`),
	orders(EffectDeleted, `第?\s*%N\s*条?\s*(?:予以)?(?:删除|取消)`),
	orders(EffectAdded, `(?:增加|新增|增补|补充)\s*第?\s*%N\s*条?`),
	orders(EffectReworded, `(?:пункт|подпункт|раздел|стать)[а-я]*\s+%N[^\n]{0,40}?(?:слов[оа][^\n]{1,120}заменить|заменить слов)`),
	orders(EffectReplaced, `(?:пункт|подпункт|раздел|стать)[а-я]*\s+%N[^\n:]{0,30}?изложить в (?:новой |следующей )?редакции`),
	orders(EffectReplaced, `заменить (?:пункт|подпункт|раздел|стать)[а-я]*\s+%N`),
	orders(EffectDeleted, `(?:пункт|подпункт|раздел|стать)[а-я]*\s+%N\s+(?:исключить|признать утратившим силу)`),
	orders(EffectDeleted, `исключить (?:пункт|подпункт|раздел|стать)[а-я]*\s+%N`),
	orders(EffectAdded, `дополнить (?:новым )?(?:пункт|подпункт|раздел|стать)[а-я]*\s+%N`),
	orders(EffectReworded, `(?:à|au|aux|dans) (?:l[’']|le |la )?(?:article|paragraphe|point|section) %N[^\n]{0,40}?(?:mots?|termes?|valeur|chiffre) (?:« ?|[«“"])[^\n]{1,120}remplac`),
	orders(EffectReplaced, `(?:article|paragraphe|point|section) %N[^:,\n]{0,40}? (?:est|sont) remplacée?s? par(?: (?:le texte|les dispositions|la disposition|ce qui) sui(?:t|vante?s?))?`),
	orders(EffectReplaced, `(?:^|[.;:—–] ?)remplacer (?:le texte de )?(?:l[’']|le |la )?(?:article|paragraphe|point|section) %N[^:,\n]{0,40}? par(?: (?:le texte|ce qui) sui(?:t|vant))?`),
	orders(EffectDeleted, `(?:article|paragraphe|point|section) %N (?:est|sont) (?:supprimée?s?|abrogée?s?)`),
	orders(EffectDeleted, `(?:^|[.;:—–] ?)supprimer (?:l[’']|le |la )?(?:article|paragraphe|point|section) %N`),
	orders(EffectAdded, `(?:article|paragraphe|point|section) %N(?: suivante?)? est (?:ajoutée?|insérée?)`),
	orders(EffectAdded, `(?:^|[.;:—–] ?)(?:ajouter|insérer) (?:l[’']|le |la |une? )?(?:nouve(?:au|lle) )?(?:article|paragraphe|point|section) %N`),
	orders(EffectReworded, `en (?:el |la )?(?:artículo|apartado|punto|sección) %N[^\n]{0,40}?(?:palabras?|términos?|expresión|valor) [«“"][^\n]{1,120}(?:sustitu|reemplaza)`),
	orders(EffectReplaced, `(?:artículo|apartado|punto|sección) %N[^:,\n]{0,40}? (?:se sustituye por|queda redactad[oa]|queda sustituid[oa] por)(?: (?:(?:el|lo) siguiente(?: texto)?|el texto siguiente|como sigue|de la siguiente (?:forma|manera)))?`),
	orders(EffectReplaced, `(?:^|[.;:—–] ?)(?:se )?(?:sustituye|sustituir|reemplazar) (?:el |la )?(?:artículo|apartado|punto|sección) %N[^:,\n]{0,40}? por(?: (?:(?:el|lo) siguiente(?: texto)?|el texto siguiente))?`),
	orders(EffectDeleted, `(?:^|[.;:—–] ?)(?:se )?(?:suprime|elimina|deroga|suprimir|eliminar) (?:el |la )?(?:artículo|apartado|punto|sección) %N`),
	orders(EffectDeleted, `(?:artículo|apartado|punto|sección) %N (?:se suprime|se elimina|queda (?:suprimid|derogad)[oa])`),
	orders(EffectAdded, `(?:^|[.;:—–] ?)(?:se )?(?:añade|añadir|agregar?|inserta|insertar|incluye) (?:el |la |una? )?(?:nuev[oa] )?(?:artículo|apartado|punto|sección) %N`),
	orders(EffectReworded, `in (?:unterabschnitt|abschnitt|absatz|artikel|§) ?%N[^\n]{0,40}?(?:angabe|wort|wörter|wert) [„“"»][^\n]{1,120}ersetz`),
	orders(EffectReplaced, `(?:unterabschnitt|abschnitt|absatz|artikel|§) ?%N[^:,\n]{0,40}? (?:wird|ist) (?:wie folgt (?:gefasst|ersetzt)|(?:durch|mit) (?:folgendes|(?:den )?folgenden (?:text|wortlaut)|folgende fassung) (?:zu ersetzen|ersetzt))`),
	orders(EffectDeleted, `(?:unterabschnitt|abschnitt|absatz|artikel|§) ?%N (?:(?:wird|ist) (?:gestrichen|aufgehoben|zu streichen)|entfällt)`),
	orders(EffectAdded, `(?:unterabschnitt|abschnitt|absatz|artikel|§) ?%N (?:wird|ist) (?:eingefügt|hinzugefügt|angefügt|einzufügen|hinzuzufügen)`),
	orders(EffectReworded, `في (?:البند|المادة|الفقرة) \(?%N\)?[^\n]{0,40}?(?:عبارة|كلمة|القيمة) [«“"][^\n]{1,120}(?:بعبارة|بكلمة|بالقيمة)`),
	orders(EffectReplaced, `(?:يُ?ستعاض عن|يُ?ستبدل|تُ?ستبدل) (?:نص )?(?:ب?البند|ب?المادة|ب?الفقرة) \(?%N\)?(?: (?:بما (?:يلي|يأتي)|بالنص (?:التالي|الآتي)|النص (?:التالي|الآتي)))?`),
	orders(EffectDeleted, `(?:يُ?حذف|تُ?حذف|يُ?لغى|تُ?لغى) (?:نص )?(?:البند|المادة|الفقرة) \(?%N\)?`),
	orders(EffectAdded, `(?:يُ?ضاف|تُ?ضاف) (?:ال)?(?:بند|مادة|فقرة)(?: جديدة?)?(?: برقم| رقم)? \(?%N\)?`),
	orders(EffectReplaced, `^replace the (?:whole |existing )*(?:text|clause|subclause|paragraph|content)[^:\n]*`),
	orders(EffectDeleted, `^(?:delete (?:the|this) (?:whole |existing )*(?:text|clause|subclause|paragraph)|\(?deleted\)?\.?$)`),
	orders(EffectReplaced, `^изложить в (?:новой |следующей )?редакции`),
	orders(EffectDeleted, `^(?:исключить|исключ[её]н)\.?$`),
	orders(EffectReplaced, `^(?:修改为|改为)`),
	orders(EffectDeleted, `^[（(]?(?:删除|本条删除)[）)]?。?$`),
}

// maxEffects bounds what one overlay is taken to do.
const maxEffects = 2000

// Effects works out what an overlay does to the clauses of its base: by the
// orders its clauses give ("Replace 5.3.1 by", 删除第5.3.1条, изложить в редакции),
// or, where none gives an order, by the numbers of its clauses, as partial
// revisions that print whole clauses do. A national annex has no effect by number
// alone. It looks at numbers because an overlay is written in them. What people
// corrected of it holds instead of what was read, as long as the overlay's clause
// has the wording they saw.
func Effects(kind OverlayKind, base, overlay []Clause, corrections ...EffectCorrection) []Effect {
	w := effectReading{base: ByNumber(base), own: overlay}
	for i := range overlay {
		w.read(i)
	}
	if len(w.found) == 0 && kind != OverlayAnnex {
		w.byNumber()
	}
	w.correct(corrections)
	return w.found
}

type effectReading struct {
	base  map[string]Clause
	own   []Clause
	found []Effect
}

// order is an order found in a wording.
type order struct {
	act        EffectAct
	number     string
	start, end int
}

// read takes the orders of one clause.
func (w *effectReading) read(i int) {
	c := w.own[i]
	wording := c.Wording()
	var list []order
	at := 0
	for _, line := range strings.SplitAfter(wording, "\n") {
		if o, ok := orderIn(line, c.Number); ok {
			if o.act == EffectReworded { // the words to put in stand in the line
				o.start, o.end = 0, len(line)
			}
			o.start, o.end = o.start+at, o.end+at
			list = append(list, o)
		}
		at += len(line)
	}
	for n, o := range list {
		if len(w.found) == maxEffects {
			return
		}
		until := len(wording)
		if n+1 < len(list) {
			until = list[n+1].start
			until = strings.LastIndexByte(wording[:until], '\n') + 1
			until = max(until, o.end)
		}
		w.add(i, o, wording[o.start:o.end], wording[o.end:until])
	}
}

// orderIn is the order that a line gives.
func orderIn(line, own string) (order, bool) {
	for _, f := range effectForms {
		m := f.form.FindStringSubmatchIndex(line)
		switch {
		case m == nil:
			continue
		case f.own && own != "":
			return order{f.act, own, m[0], m[1]}, true
		case !f.own:
			return order{f.act, strings.ToUpper(asciiDigits(line[m[2]:m[3]])), m[0], m[1]}, true
		}
	}
	return order{}, false
}

// add notes an order with the text that comes with it: behind it, or in the
// clause of that number that follows.
func (w *effectReading) add(i int, o order, why, behind string) {
	w.found = append(w.found, w.effect(i, Effect{Act: o.act, Number: o.number, Why: strings.TrimSpace(why), rest: behind}))
}

// effect completes what a clause of the overlay does by act, number and the text
// behind the order.
func (w *effectReading) effect(i int, e Effect) Effect {
	e.By, e.Base, e.New = w.own[i].ID, w.base[e.Number].ID, Clause{}
	switch e.Act {
	case EffectReplaced, EffectAdded:
		e.New = w.own[i]
		e.New.Heading, e.New.Text = "", newText(e.rest, e.Number)
		if e.New.Text == "" {
			for _, next := range w.own[i+1:] {
				if next.Number == e.Number {
					e.New = next
					break
				}
			}
		}
		e.New.Number, e.New.Label = e.Number, w.labelOf(e.Number)
	case EffectChoice:
		e.New = w.own[i]
	}
	return e
}

// labelOf is how the base prints a number.
func (w *effectReading) labelOf(number string) string {
	if c, there := w.base[number]; there {
		return c.Label
	}
	return number
}

// newText is the text behind an order, without what joins them and the number it
// begins with.
func newText(behind, number string) string {
	const joints = " \u00a0\u202f\t\r\n　:：,，،;；؛."
	s := strings.TrimLeft(behind, joints)
	s = strings.TrimSpace(s)
	for _, q := range [][2]string{{"«", "»"}, {"“", "”"}, {"„", "“"}, {"「", "」"}, {"\"", "\""}} {
		if inner, found := strings.CutPrefix(s, q[0]); found {
			if end := strings.LastIndex(inner, q[1]); end > 0 && strings.Trim(inner[end+len(q[1]):], ".。;； ") == "" {
				s = strings.TrimSpace(inner[:end])
			}
		}
	}
	if n, rest, ok := LeadingNumber(s); ok && n.String() == number {
		s = rest
	}
	if strings.Trim(s, ".。;；»”\"") == "" {
		return ""
	}
	return s
}

// byNumber takes clauses whose number the base has as replaced, others under a
// chapter of the base as added.
func (w *effectReading) byNumber() {
	sole := ByNumber(w.own)
	for _, c := range w.own {
		if c.Kind == KindHeading || c.Text == "" || sole[c.Number].ID != c.ID || len(w.found) == maxEffects {
			continue
		}
		was, there := w.base[c.Number]
		e := Effect{Act: EffectReplaced, By: c.ID, Number: c.Number, Base: was.ID, New: c, rest: c.Text}
		switch {
		case there && was.Digest() == c.Digest():
			continue
		case !there:
			if chapter, _, deep := strings.Cut(c.Number, "."); !deep || w.base[chapter].ID == "" {
				continue
			}
			e.Act = EffectAdded
		}
		w.found = append(w.found, e)
	}
}

// Applied is one line of a consolidated reading: a clause of the base with what
// overlays did to it, or a clause that an overlay added (Base without an id).
type Applied struct {
	Base    Clause
	Effects []Effect // in the order they apply
}

// Now is the clause that applies: the last replacement, else the base's own, and
// whether one applies at all. A text that was reworded is the base's own.
func (a Applied) Now() (c Clause, applies bool) {
	c, applies = a.Base, a.Base.ID != ""
	for _, e := range a.Effects {
		switch e.Act {
		case EffectReplaced, EffectAdded:
			if e.Act == EffectAdded && a.Base.ID != "" {
				continue
			}
			c, applies = e.New, true
		case EffectDeleted:
			applies = false
		}
	}
	return c, applies
}

// Consolidate puts a base and the effects of its overlays, in the order they
// apply, into one reading: Concord's own, and no official text. Added clauses
// stand behind the last clause whose number comes before theirs.
func Consolidate(base []Clause, effects []Effect) []Applied {
	at := map[ClauseID]int{}
	out := make([]Applied, 0, len(base))
	for i, c := range base {
		at[c.ID] = i
		out = append(out, Applied{Base: c})
	}
	var added []Applied
	places := map[string]int{}
	for _, e := range effects {
		if i, there := at[e.Base]; there && e.Base != "" {
			out[i].Effects = append(out[i].Effects, e)
			continue
		}
		i, known := places[e.Number]
		switch {
		case known:
			added[i].Effects = append(added[i].Effects, e)
		case e.Act == EffectAdded:
			places[e.Number] = len(added)
			added = append(added, Applied{Effects: []Effect{e}})
		}
	}
	for _, a := range added {
		out = insertApplied(out, a)
	}
	return out
}

// insertApplied puts an added clause behind the last one that comes before it
// under the longest part of its number that the list has.
func insertApplied(list []Applied, a Applied) []Applied {
	number := numbered(a.Effects[0].Number)
	place := len(list)
	for i, other := range list {
		n := other.number()
		if n == "" || len(numbered(n).Parts) == 0 {
			continue
		}
		if m := numbered(n); len(m.Parts) > 0 && m.Parts[0] == number.Parts[0] && CompareNumbers(m, number) < 0 {
			place = i + 1
		}
	}
	return append(list[:place:place], append([]Applied{a}, list[place:]...)...)
}

func (a Applied) number() string {
	if a.Base.ID != "" {
		return a.Base.Number
	}
	return a.Effects[0].Number
}

func numbered(s string) Number { return Number{Parts: strings.Split(s, ".")} }
