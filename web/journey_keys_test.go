package web

import (
	"strings"

	"github.com/chromedp/cdproto/input"
)

// layouts say what a keyboard writes at a place, by language of the pages: the
// Arabic (101) layout with the digits of the Arab east, else that of the US. The
// row of letters is in the order of QWERTY.
var layouts = map[string]map[string]string{
	"ar": layout("ضصثقفغعهخحشسيبلاتنمئءؤرﻻىة", "٠١٢٣٤٥٦٧٨٩", "ظ"),
	"ru": layout("йцукенгшщзфывапролдячсмить", "0123456789", "."),
	"fr": layout("azertyuiopqsdfghjklwxcvbn,", "à&é\"'(-è_ç", "!"),
	"en": layout("qwertyuiopasdfghjklzxcvbnm", "0123456789", "/"),
}

// layout makes a table of code and character.
func layout(letters, digits, slash string) map[string]string {
	out := map[string]string{"Minus": "-", "Space": " ", "Slash": slash}
	for i, r := range []rune(letters) {
		out["Key"+strings.ToUpper("qwertyuiopasdfghjklzxcvbnm"[i:i+1])] = string(r)
	}
	for i, r := range []rune(digits) {
		out["Digit"+string(rune('0'+i))] = string(r)
	}
	return out
}

// virtual are the Windows codes of keys without a character, which the browser
// goes by.
var virtual = map[string]int64{"Tab": 9, "Enter": 13, "Backspace": 8, "Escape": 27, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40, "Home": 36, "End": 35}

// modifiers are their bits in the protocol.
var modifiers = map[string]int64{"Alt": 1, "Ctrl": 2, "Shift": 8}

// key presses a key by its name: a letter, a digit, Minus, Space, or a name of
// virtual, with what is held before it.
func (w *world) key(name string) {
	w.t.Helper()
	w.keyed++
	w.stroke(name, layouts[w.language])
}

// stroke presses a key by its name in a layout, US where there is none.
func (b *tab) stroke(name string, layout map[string]string) {
	b.t.Helper()
	if layout == nil {
		layout = layouts["en"]
	}
	held := int64(0)
	for {
		before, rest, found := strings.Cut(name, "+")
		if !found {
			break
		}
		held, name = held|modifiers[before], rest
	}
	code := name
	if name == "/" {
		code = "Slash"
	} else if len(name) == 1 {
		code = map[bool]string{true: "Digit", false: "Key"}[name >= "0" && name <= "9"] + name
	}
	down := input.DispatchKeyEventParams{Type: "rawKeyDown", Code: code, Key: code, Modifiers: held, WindowsVirtualKeyCode: virtual[code]}
	switch written := layout[code]; {
	case code == "Enter":
		down.Type, down.Text = "keyDown", "\r"
	case written != "":
		down.Key = written
		if held&^modifiers["Shift"] == 0 {
			down.Type, down.Text = "keyDown", written
		}
		if len(code) > 3 && len(name) == 1 && name != "/" {
			down.WindowsVirtualKeyCode = int64(name[0])
		} else if code == "Space" {
			down.WindowsVirtualKeyCode = 32
		}
	}
	up := input.DispatchKeyEventParams{Type: "keyUp", Code: code, Key: down.Key, Modifiers: held, WindowsVirtualKeyCode: down.WindowsVirtualKeyCode}
	b.do(command(input.DispatchKeyEvent, down), command(input.DispatchKeyEvent, up))
}
