package pdfium

import "slices"

// batchRow is what one character takes in what the batch function writes: its
// code, its text object, its loose box (four float32), its origin (two float64),
// whether PDFium made it up, whether its font does not say what it is, and of its
// type the font, the weight, the size (float64) and the matrix (six float32).
const batchRow = 88

// batchModule is a WebAssembly module of one function that asks PDFium for a run
// of characters. A page has thousands of characters with ten questions each, and
// crossing from Go to the module for every one of them doubles the time a page
// takes (measured: 85 pages a second became 155). In the text format:
//
//	(func (export "chars") (param $page i32) (param $i i32) (param $end i32) (param $out i32)
//	  (loop
//	    (i32.store (local.get $out) (call $GetUnicode (local.get $page) (local.get $i)))
//	    (i32.store offset=4 (local.get $out) (call $GetTextObject ...))
//	    (drop (call $GetLooseCharBox (local.get $page) (local.get $i) (i32.add (local.get $out) (i32.const 8))))
//	    (drop (call $GetCharOrigin ... (out + 24) (out + 32)))
//	    (i32.store offset=40 (local.get $out) (call $IsGenerated ...))
//	    (i32.store offset=44 (local.get $out) (call $HasUnicodeMapError ...))
//	    (i32.store offset=48 (local.get $out) (call $GetFont (i32.load offset=4 (local.get $out))))
//	    (i32.store offset=52 (local.get $out) (call $GetFontWeight ...))
//	    (f64.store offset=56 (local.get $out) (call $GetFontSize ...))
//	    (drop (call $GetMatrix ... (out + 64)))
//	    (local.set $out (i32.add (local.get $out) (i32.const 88)))
//	    (br_if 0 (i32.lt_s (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $end)))))
func batchModule() []byte {
	type bytes = []byte
	ask := func(f byte) bytes { return bytes{0x20, 0, 0x20, 1, 0x10, f} } // f(page, i)
	store := func(offset, f byte) bytes {
		return slices.Concat(bytes{0x20, 3}, ask(f), bytes{0x36, 2, offset})
	}
	body := slices.Concat(
		bytes{0, 0x03, 0x40}, // no locals; loop
		store(0, 0),
		store(4, 1),
		bytes{0x20, 0, 0x20, 1, 0x20, 3, 0x41, 8, 0x6a, 0x10, 2, 0x1a},
		bytes{0x20, 0, 0x20, 1, 0x20, 3, 0x41, 24, 0x6a, 0x20, 3, 0x41, 32, 0x6a, 0x10, 3, 0x1a},
		store(40, 4),
		store(44, 5),
		bytes{0x20, 3, 0x20, 3, 0x28, 2, 4, 0x10, 6, 0x36, 2, 48},
		store(52, 7),
		slices.Concat(bytes{0x20, 3}, ask(8), bytes{0x39, 3, 56}),
		bytes{0x20, 0, 0x20, 1, 0x20, 3, 0x41, 0xc0, 0, 0x6a, 0x10, 9, 0x1a},
		bytes{0x20, 3, 0x41, 0x80 | batchRow, 0, 0x6a, 0x21, 3},
		bytes{0x20, 1, 0x41, 1, 0x6a, 0x22, 1, 0x20, 2, 0x48, 0x0d, 0},
		bytes{0x0b, 0x0b},
	)
	name := func(s string) bytes { return append(bytes{byte(len(s))}, s...) }
	section := func(id byte, count byte, parts ...bytes) bytes {
		content := append(bytes{count}, slices.Concat(parts...)...)
		return slices.Concat(bytes{id}, leb(len(content)), content)
	}
	function := func(s string, kind byte) bytes {
		return slices.Concat(name(pdfiumName), name("FPDFText_"+s), bytes{0, kind})
	}
	const i32, f64 = 0x7f, 0x7c
	return slices.Concat(
		bytes("\x00asm\x01\x00\x00\x00"),
		section(1, 6,
			bytes{0x60, 2, i32, i32, 1, i32},
			bytes{0x60, 3, i32, i32, i32, 1, i32},
			bytes{0x60, 4, i32, i32, i32, i32, 1, i32},
			bytes{0x60, 4, i32, i32, i32, i32, 0},
			bytes{0x60, 1, i32, 1, i32},
			bytes{0x60, 2, i32, i32, 1, f64}),
		section(2, 11,
			slices.Concat(name(pdfiumName), name("memory"), bytes{2, 0, 0}),
			function("GetUnicode", 0), function("GetTextObject", 0), function("GetLooseCharBox", 1),
			function("GetCharOrigin", 2), function("IsGenerated", 0), function("HasUnicodeMapError", 0),
			slices.Concat(name(pdfiumName), name("FPDFTextObj_GetFont"), bytes{0, 4}),
			function("GetFontWeight", 0), function("GetFontSize", 5), function("GetMatrix", 1)),
		section(3, 1, bytes{3}),
		section(7, 1, slices.Concat(name("chars"), bytes{0, 10})),
		section(10, 1, slices.Concat(leb(len(body)), body)),
	)
}

// pdfiumName is what the batch module calls the instance it asks.
const pdfiumName = "pdfium"

// leb is a length as WebAssembly writes it (unsigned LEB128).
func leb(n int) []byte {
	var out []byte
	for ; n >= 0x80; n >>= 7 {
		out = append(out, byte(n)|0x80)
	}
	return append(out, byte(n))
}
