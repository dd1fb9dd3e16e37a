package reader

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"io"

	"concord/corpus"
)

// pictureWidth is how wide the picture of a page is: letters of eight points are
// read without effort, and a page of text takes some 100 KB.
const pictureWidth = 1100

// MaxPictures bounds how many pages are drawn at a time.
const MaxPictures = 8

// Pictures draws pages of a PDF, counted from 1, as PNG; done is called for each.
// Pages that are not there are left out. Errors are of kind corpus.ErrInvalid for
// what is no PDF that can be read, and corpus.ErrLimit for too many pages.
func Pictures(file io.Reader, pages []int, done func(page int, picture []byte) error) error {
	if len(pages) > MaxPictures {
		return corpus.Refuse(corpus.ErrLimit, "pictures-many", "at most {most} pages are drawn at a time", "most", MaxPictures)
	}
	raw, err := io.ReadAll(io.LimitReader(file, maxFileBytes+1))
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	if len(raw) > maxFileBytes || !detectPDF(".pdf", raw[:min(len(raw), 1024)]) {
		return corpus.Refuse(corpus.ErrInvalid, "pictures-pdf", "pictures are made of the pages of a PDF alone")
	}
	engine, err := openEngine()
	if err != nil {
		return err
	}
	d, err := engine.Open(context.Background(), raw)
	if err != nil {
		return pdfError(err)
	}
	defer d.Close()
	n, err := d.Pages()
	if err != nil {
		return pdfError(err)
	}
	for _, page := range pages {
		if page < 1 || page > n {
			continue
		}
		drawn, err := d.Picture(page-1, pictureWidth)
		if err != nil {
			return pdfError(err)
		}
		var out bytes.Buffer
		if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, drawn); err != nil {
			return fmt.Errorf("write the picture of page %d: %w", page, err)
		}
		if err := done(page, out.Bytes()); err != nil {
			return err
		}
	}
	return nil
}
