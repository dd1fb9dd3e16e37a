package pdfium

import (
	"fmt"
	"image"
	"image/color"
	"math"
)

// maxPixels bounds a picture: an A4 page at 130 dots an inch has a million and a half.
const maxPixels = 4_000_000

// The picture's paper, and that notes and stamps on the page are drawn (fpdfview.h).
const (
	white      = 0xffffffff
	drawsNotes = 0x01
)

// Picture draws page i, from 0, as a person sees it, so many pixels wide: in grey
// where nothing on it has a colour. Fonts that the document does not hold are
// replaced by those PDFium has, which draw Latin script alone.
func (d *Document) Picture(i, width int) (out image.Image, err error) {
	defer caught(&err)
	page := d.call("FPDF_LoadPage", d.handle, uint64(i))
	if page == 0 {
		return nil, ErrDamaged
	}
	defer d.call("FPDF_ClosePage", page)
	w := finite(float64(math.Float32frombits(uint32(d.call("FPDF_GetPageWidthF", page)))))
	h := finite(float64(math.Float32frombits(uint32(d.call("FPDF_GetPageHeightF", page)))))
	if w < 1 || h < 1 {
		return nil, ErrDamaged
	}
	height := int(float64(width) * h / w)
	if width < 1 || height < 1 || height > maxPixels/width {
		return nil, fmt.Errorf("%w: a picture of %d by %d pixels is too large", ErrFailed, width, height)
	}
	bitmap := d.call("FPDFBitmap_Create", uint64(width), uint64(height), 0)
	if bitmap == 0 {
		return nil, fmt.Errorf("%w: no memory for a picture", ErrFailed)
	}
	defer d.call("FPDFBitmap_Destroy", bitmap)
	d.call("FPDFBitmap_FillRect", bitmap, 0, 0, uint64(width), uint64(height), white)
	d.call("FPDF_RenderPageBitmap", bitmap, page, 0, 0, uint64(width), uint64(height), 0, drawsNotes)
	stride := int(uint32(d.call("FPDFBitmap_GetStride", bitmap)))
	at := uint32(d.call("FPDFBitmap_GetBuffer", bitmap))
	if stride < width*4 || stride > width*4+64 {
		return nil, fmt.Errorf("%w: a picture of rows of %d bytes", ErrFailed, stride)
	}
	raw, ok := d.module.Memory().Read(at, uint32(stride*height))
	if !ok {
		return nil, fmt.Errorf("%w: the picture lies outside of the memory", ErrFailed)
	}
	return pictureOf(raw, width, height, stride), nil
}

// pictureOf copies rows of blue, green, red and an unused byte.
func pictureOf(raw []byte, width, height, stride int) image.Image {
	grey := image.NewGray(image.Rect(0, 0, width, height))
	for y := range height {
		row := raw[y*stride:]
		for x := range width {
			b, g, r := row[4*x], row[4*x+1], row[4*x+2]
			if b != g || g != r {
				return coloured(raw, width, height, stride)
			}
			grey.Pix[y*grey.Stride+x] = g
		}
	}
	return grey
}

func coloured(raw []byte, width, height, stride int) image.Image {
	out := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		row := raw[y*stride:]
		for x := range width {
			out.SetNRGBA(x, y, color.NRGBA{R: row[4*x+2], G: row[4*x+1], B: row[4*x], A: 255})
		}
	}
	return out
}
