package reader

import (
	"net/url"
	"path"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"concord/corpus"
)

// book puts pages that are one document behind one another.
type book struct {
	body   *element
	source sourceBuilder
	ids    map[string]bool
	pages  int
}

func newBook() *book { return &book{body: &element{name: "body"}, ids: map[string]bool{}} }

// add adds the main part of a page. Names of places that an earlier page has too
// get the number of the page, so that a reference finds the one on its own.
func (b *book) add(name, text string) error {
	root, err := parseHTML(text)
	if err != nil {
		return corpus.Within(shorten(name, 60), err)
	}
	if root.find("body") == nil {
		return nil
	}
	b.pages++
	rename := map[string]string{}
	for id := range root.byID() {
		if b.ids[id] {
			rename[id] = id + "~" + strconv.Itoa(b.pages)
		}
		b.ids[id] = true
	}
	if len(rename) > 0 {
		root.rename(rename)
	}
	b.body.children = append(b.body.children, mainPart(root).children...)
	b.source.text(name, text)
	return nil
}

// rename gives places other names, where they are and where they are linked to.
func (e *element) rename(names map[string]string) {
	for i, a := range e.attrs {
		switch {
		case a.name == "id" && names[a.value] != "":
			e.attrs[i].value = names[a.value]
		case a.name == "href" && strings.HasPrefix(a.value, "#") && names[a.value[1:]] != "":
			e.attrs[i].value = "#" + names[a.value[1:]]
		}
	}
	for _, c := range e.children {
		c.rename(names)
	}
}

// read reads the pages as one.
func (b *book) read(title, language string, hint Hint) ([]*corpus.Document, error) {
	head := &element{name: "head", children: []*element{{name: "title", children: []*element{{text: title}}}}}
	page := &element{name: "html", children: []*element{head, b.body}}
	if language != "" {
		page.attrs = []attribute{{"lang", language}}
	}
	docs, err := readTree(&element{name: "document", children: []*element{page}}, hint)
	laid := b.source.done(corpus.SourceMarkup)
	for _, doc := range docs {
		doc.Source = ownSource(laid, len(docs))
	}
	return docs, err
}

// pageLinks are the pages that a page's head says stand around it, by the kind of
// the link: prev, next, index, search (HTML Living Standard, 4.6.7).
func pageLinks(text string) map[string]string {
	links := map[string]string{}
	z := html.NewTokenizer(strings.NewReader(text[:min(len(text), 64<<10)]))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return links
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			if token.Data == "body" {
				return links
			}
			if token.Data != "link" {
				continue
			}
			var rel, href string
			for _, a := range token.Attr {
				switch a.Key {
				case "rel":
					rel = strings.ToLower(a.Val)
				case "href":
					href = a.Val
				}
			}
			if u, err := url.Parse(href); err == nil && u.Scheme == "" && u.Host == "" && u.Path != "" && links[rel] == "" {
				links[rel] = u.Path
			}
		}
	}
}

// page finds the page that a link of the page at from leads to; "" when it is not in
// the container.
func (b *nearby) page(from, link string) string {
	if link == "" {
		return ""
	}
	if full := path.Join(path.Dir(from), link); b.archive.has(full) && full != from {
		return full
	}
	return ""
}

// readBookOf reads a page and all that follow it by their links to the next one, as
// the pages of a manual do that was cut at its chapters; nil when the page is alone
// or stands inside such a row. Pages that only find things are left out.
func readBookOf(text string, hint Hint) ([]*corpus.Document, error) {
	near := hint.beside
	if near == nil || near.taken[near.name] {
		return nil, nil
	}
	links := pageLinks(text)
	next := near.page(near.name, links["next"])
	if next == "" || near.page(near.name, first(links["prev"], links["previous"])) != "" {
		return nil, nil
	}
	b, root := newBook(), links
	if err := b.add(near.name, text); err != nil {
		return nil, err
	}
	seen := map[string]bool{near.name: true}
	for at := next; at != "" && !seen[at]; {
		seen[at] = true
		page, err := near.read(at)
		if err != nil {
			return nil, err
		}
		if err := b.add(at, page); err != nil {
			return nil, err
		}
		at = near.page(at, pageLinks(page)["next"])
	}
	for _, kind := range []string{"index", "search"} {
		if at := near.page(near.name, root[kind]); at != "" {
			near.taken[at] = true
		}
	}
	delete(seen, near.name)
	for at := range seen {
		near.taken[at] = true
	}
	page, err := parseHTML(text)
	if err != nil {
		return nil, err
	}
	return b.read(foldBlanks(page.find("title").plain()), page.find("html").attr("lang"), hint)
}
