package reader

import (
	"bytes"
	"fmt"
	"io"
	"path"
	"strings"

	"concord/corpus"
)

func detectEPUB(_ string, head []byte) bool {
	return bytes.Contains(head, []byte("\nMETA-INF/container.xml\n"))
}

// readEPUB reads the pages of an EPUB in the order of its spine as one page.
func readEPUB(r io.Reader, hint Hint) ([]*corpus.Document, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	a, err := openArchive(raw)
	if err != nil {
		return nil, err
	}
	container, err := a.xml("META-INF/container.xml")
	if err != nil {
		return nil, err
	}
	opf := path.Clean(container.find("rootfile").attr("full-path"))
	book, err := a.xml(opf)
	if err != nil {
		return nil, err
	}
	pages := newBook()
	for _, name := range spine(book, path.Dir(opf)) {
		if !a.has(name) {
			continue
		}
		page, err := a.read(name, maxPartBytes)
		if err != nil {
			return nil, err
		}
		text, _, err := decode(name, page)
		if err != nil {
			return nil, err
		}
		if err := pages.add(name, text); err != nil {
			return nil, err
		}
	}
	return pages.read(book.find("title").plain(), book.find("language").plain(), hint)
}

// spine lists the pages in reading order.
func spine(book *element, dir string) []string {
	items := map[string]string{}
	book.find("manifest").each(func(e *element) bool {
		if e.name == "item" && strings.Contains(e.attr("media-type"), "html") && !strings.Contains(" "+e.attr("properties")+" ", " nav ") {
			items[e.attr("id")] = path.Join(dir, e.attr("href"))
		}
		return true
	})
	var out []string
	book.find("spine").each(func(e *element) bool {
		if name := items[e.attr("idref")]; name != "" {
			out = append(out, name)
			delete(items, e.attr("idref"))
		}
		return true
	})
	return out
}
