package review

import (
	"encoding/base32"
	"testing"
	"time"
)

// The vectors of RFC 6238, appendix B, for SHA-1, cut to six digits.
func TestTOTPVectors(t *testing.T) {
	secret := base32.StdEncoding.EncodeToString([]byte("12345678901234567890"))
	for at, want := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130"} {
		if got, err := TOTPCode(secret, at/30); err != nil || got != want {
			t.Errorf("at %d: %q %v, want %q", at, got, err, want)
		}
	}
	if _, err := TOTPCode("not base32!", 1); err == nil {
		t.Error("a secret that is none is taken")
	}
}

func TestTOTPWindow(t *testing.T) {
	secret, now := NewTOTPSecret(), time.Unix(1_700_000_000, 0)
	present := now.Unix() / 30
	for off, want := range map[int64]bool{-2: false, -1: true, 0: true, 1: true, 2: false} {
		code, _ := TOTPCode(secret, present+off)
		step, ok := TOTPStep(secret, code[:3]+" "+code[3:], now, 0)
		if ok != want || ok && step != present+off {
			t.Errorf("%d steps off: %v at %d", off, ok, step)
		}
	}
	code, _ := TOTPCode(secret, present)
	if _, ok := TOTPStep(secret, code, now, present); ok {
		t.Error("a code works twice")
	}
	for _, bad := range []string{"", "0", code + "0", "-" + code[1:], "００００００"} {
		if _, ok := TOTPStep(secret, bad, now, 0); ok {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestRecoveryCodes(t *testing.T) {
	codes, hashes := NewRecoveryCodes()
	seen := map[string]bool{}
	for i, code := range codes {
		if len(code) != 29 || seen[code] || HashRecoveryCode(" "+code[:5]+" "+code[5:]) != hashes[i] {
			t.Errorf("code %q", code)
		}
		seen[code] = true
	}
	if len(seen) != RecoveryCodes {
		t.Errorf("%d codes", len(seen))
	}
}
