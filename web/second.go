package web

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"rsc.io/qr"

	"concord/corpus"
	"concord/review"
)

// halfway is somebody whose password was right and whose code has not come. It
// opens nothing: only the hash of its secret is known, here and nowhere else.
type halfway struct {
	person   uuid.UUID
	password string // hash it was right for; a new password ends the step
	next     string
}

// halfwayLife is how long a code may take (our own).
const halfwayLife = 5 * time.Minute

// cookieStep carries the secret of a sign-in that waits for a code.
const cookieStep = "concord-step"

// admit goes on after a right password: to the code when the person has a second
// factor, else into the program.
func (s *Server) admit(c echo.Context, a asker, person uuid.UUID, passwordHash, next string) error {
	second, err := s.store.SecondFactor(c.Request().Context(), person)
	if err != nil {
		return fmt.Errorf("find the second factor: %w", err)
	}
	if !second.On() {
		return s.enter(c, a, person, next)
	}
	secret, err := review.NewSecret()
	if err != nil {
		return err
	}
	now := s.now()
	s.halfways.keep(review.HashSecret(secret), halfway{person, passwordHash, next}, now.Add(halfwayLife), now)
	s.setCookie(c, cookieStep, secret, int(halfwayLife/time.Second))
	if k := s.keptIn(c); k != nil && k.by(s.cookie(c, cookieSession), person) {
		return s.showCode(c, a, http.StatusOK, codePage{Kept: k})
	}
	return c.Redirect(http.StatusSeeOther, "/sign-in/code")
}

// enter begins the session and goes on, first to what the person must be told.
func (s *Server) enter(c echo.Context, a asker, person uuid.UUID, next string) error {
	k := s.keptIn(c)
	if k != nil && !k.by(s.cookie(c, cookieSession), person) {
		k = nil // somebody else wrote it
	}
	secret, err := s.begin(c, a, person)
	if err != nil {
		return err
	}
	if k != nil {
		return s.giveBack(c, person, k, secret)
	}
	notices, err := s.store.TakeNotices(c.Request().Context(), person)
	if err != nil {
		return fmt.Errorf("take the notices: %w", err)
	}
	if len(notices) > 0 {
		next = "/profile?notice=second-reset"
	}
	return c.Redirect(http.StatusSeeOther, next)
}

// codePage asks for the code of the second step.
type codePage struct {
	Shell
	Wrong bool
	Wait  int
	Kept  *keptForm
}

// waiting finds the sign-in that waits for a code in this browser, with its
// person. It has ended when the person was disabled or has a new password.
func (s *Server) waiting(c echo.Context) (string, halfway, review.Person, bool, error) {
	secret := s.cookie(c, cookieStep)
	if secret == "" {
		return "", halfway{}, review.Person{}, false, nil
	}
	key := review.HashSecret(secret)
	w, ok := s.halfways.find(key, s.now())
	if !ok {
		return "", w, review.Person{}, false, nil
	}
	ctx := c.Request().Context()
	person, err := s.store.Person(ctx, w.person)
	if err != nil {
		return "", w, person, false, fmt.Errorf("find the person: %w", err)
	}
	_, hash, err := s.store.PersonByLogin(ctx, person.Login)
	if err != nil {
		return "", w, person, false, fmt.Errorf("find the person: %w", err)
	}
	return key, w, person, hash == w.password && !person.Disabled, nil
}

// codeForm shows the second step.
func (s *Server) codeForm(c echo.Context, a asker) error {
	_, _, _, ok, err := s.waiting(c)
	if err != nil {
		return err
	}
	if !ok {
		return c.Redirect(http.StatusSeeOther, "/sign-in?notice=late")
	}
	return s.showCode(c, a, http.StatusOK, codePage{})
}

func (s *Server) showCode(c echo.Context, a asker, status int, p codePage) error {
	if p.Wait > 0 {
		c.Response().Header().Set("Retry-After", strconv.Itoa(p.Wait))
	}
	if p.Kept == nil && c.Request().Method == http.MethodPost {
		p.Kept = s.keptIn(c)
	}
	p.Shell = s.shell(c, a, a.words.say("second.title"))
	return s.show(c, a, status, "code", &p)
}

// signInCode takes the code and signs in.
func (s *Server) signInCode(c echo.Context, a asker) error {
	key, w, person, ok, err := s.waiting(c)
	if err != nil {
		return err
	}
	if !ok {
		return c.Redirect(http.StatusSeeOther, "/sign-in?notice=late")
	}
	if wait, ok := s.codes.allow(person.ID.String()); !ok {
		return s.showCode(c, a, http.StatusTooManyRequests, codePage{Wait: seconds(wait)})
	}
	ctx := c.Request().Context()
	switch err := s.store.UseSecondFactor(ctx, person.ID, clip(c.FormValue("code"), 100), s.now()); {
	case errors.Is(err, corpus.ErrForbidden):
		s.log.LogAttrs(ctx, slog.LevelWarn, "sign-in code refused", slog.String("address", c.RealIP()), slog.String("request", a.id))
		return s.showCode(c, a, http.StatusUnauthorized, codePage{Wrong: true})
	case errors.Is(err, corpus.ErrNotFound): // taken away meanwhile
		s.halfways.drop(key)
		return c.Redirect(http.StatusSeeOther, "/sign-in?notice=late")
	case err != nil:
		return fmt.Errorf("use the code: %w", err)
	}
	s.halfways.drop(key)
	s.setCookie(c, cookieStep, "", -1)
	return s.enter(c, a, person.ID, w.next)
}

// lacksSecond tells whether somebody's role asks for a second factor that is not
// there. Until it is, only the account's own pages open.
func (s *Server) lacksSecond(ctx context.Context, a asker) (bool, error) {
	if !a.signedIn || !slices.Contains(s.requireSecond, a.person.Role) {
		return false, nil
	}
	second, err := s.store.SecondFactor(ctx, a.person.ID)
	if err != nil {
		return false, fmt.Errorf("find the second factor: %w", err)
	}
	return !second.On(), nil
}

// openWithout tells whether a route stays open to who still has to set up a
// second factor.
func (r route) openWithout() bool {
	return r.policy.anyone || r.path == "/sign-out" || r.path == "/profile" || strings.HasPrefix(r.path, "/profile/")
}

// secondPage sets up a second factor, or shows new recovery codes. Both are
// answers to a form, so that they are shown once.
type secondPage struct {
	Shell
	Secret string // in groups of four
	QR     template.HTML
	Wrong  bool
	Codes  []string
}

// passwordAgain checks the password of who is signed in before something that matters,
// under the limits of signing in; the key of what is wrong, "" for nothing.
func (s *Server) passwordAgain(c echo.Context, a asker) (string, error) {
	if wait, ok := s.mayTry(c.RealIP(), a.person.Login); !ok {
		return "", waitError{wait}
	}
	_, ok, err := s.checkPassword(c.Request().Context(), a.person.Login, c.FormValue("old"))
	if err != nil || ok {
		return "", err
	}
	return "password.wrong", nil
}

// beginSecond makes a secret and shows it, after the password.
func (s *Server) beginSecond(c echo.Context, a asker) error {
	if problem, err := s.passwordAgain(c, a); err != nil || problem != "" {
		return s.secondProblem(c, a, problem, err)
	}
	secret := review.NewTOTPSecret()
	if err := s.store.BeginSecondFactor(c.Request().Context(), a.person.ID, secret); err != nil {
		return fmt.Errorf("begin the second factor: %w", err)
	}
	return s.showSecret(c, a, http.StatusOK, secret, false)
}

// secondProblem shows the profile with what is wrong, or hands an error on.
func (s *Server) secondProblem(c echo.Context, a asker, problem string, err error) error {
	if err != nil {
		return err
	}
	return s.showProfile(c, a, http.StatusUnprocessableEntity, profilePage{SecondProblem: problem})
}

// showSecret shows what the app needs, as a picture and to type.
func (s *Server) showSecret(c echo.Context, a asker, status int, secret string, wrong bool) error {
	picture, err := qrPicture(review.TOTPAddress("Concord "+s.base.Hostname(), a.person.Login, secret), a.words.say("second.qr"))
	if err != nil {
		return err
	}
	var groups []string
	for part := range slices.Chunk([]byte(secret), 4) {
		groups = append(groups, string(part))
	}
	p := secondPage{Secret: strings.Join(groups, " "), QR: picture, Wrong: wrong}
	p.Shell = s.shell(c, a, a.words.say("second.title"))
	return s.show(c, a, status, "second", &p)
}

// qrQuiet is the white border a QR code needs, in modules (ISO/IEC 18004).
const qrQuiet = 4

// qrPicture draws a text as a QR code: one path over white, with a name.
func qrPicture(text, name string) (template.HTML, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", fmt.Errorf("draw a QR code: %w", err)
	}
	var path strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for code.Black(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from+qrQuiet, y+qrQuiet, x-from, x-from)
			}
		}
	}
	size := code.Size + 2*qrQuiet
	return template.HTML(fmt.Sprintf(`<svg class="qr" role="img" aria-label="%s" viewBox="0 0 %d %d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dh-%dz"/><path fill="#000" d="%s"/></svg>`,
		template.HTMLEscapeString(name), size, size, size, size, size, path.String())), nil
}

// confirmSecond takes the first code; from then on the second factor counts.
func (s *Server) confirmSecond(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	second, err := s.store.SecondFactor(ctx, a.person.ID)
	if err != nil {
		return fmt.Errorf("find the second factor: %w", err)
	}
	if second.Secret == "" { // confirmed before, or never begun: the form was sent twice
		return c.Redirect(http.StatusSeeOther, "/profile#second")
	}
	if wait, ok := s.codes.allow(a.person.ID.String()); !ok {
		return waitError{wait}
	}
	codes, hashes := review.NewRecoveryCodes()
	err = s.store.ConfirmSecondFactor(ctx, a.person.ID, clip(c.FormValue("code"), 100), s.now(), hashes, a.session.Hash)
	if errors.Is(err, corpus.ErrForbidden) {
		return s.showSecret(c, a, http.StatusUnprocessableEntity, second.Secret, true)
	}
	if err != nil {
		return fmt.Errorf("confirm the second factor: %w", err)
	}
	return s.showCodes(c, a, codes)
}

// showCodes shows recovery codes, once: only their hashes are kept.
func (s *Server) showCodes(c echo.Context, a asker, codes []string) error {
	p := secondPage{Codes: codes}
	p.Shell = s.shell(c, a, a.words.say("second.title"))
	return s.show(c, a, http.StatusOK, "second", &p)
}

// withCode does something that takes password and code.
func (s *Server) withCode(c echo.Context, a asker, do func(code string) error) (string, error) {
	problem, err := s.passwordAgain(c, a)
	if err != nil || problem != "" {
		return problem, err
	}
	if wait, ok := s.codes.allow(a.person.ID.String()); !ok {
		return "", waitError{wait}
	}
	err = do(clip(c.FormValue("code"), 100))
	if errors.Is(err, corpus.ErrForbidden) {
		return "second.wrong", nil
	}
	return "", err
}

// changeSecond makes new recovery codes or switches the second factor off.
func (s *Server) changeSecond(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	if c.FormValue("do") == "codes" {
		codes, hashes := review.NewRecoveryCodes()
		problem, err := s.withCode(c, a, func(code string) error {
			return s.store.RenewRecoveryCodes(ctx, a.person.ID, code, s.now(), hashes)
		})
		if err != nil || problem != "" {
			return s.secondProblem(c, a, problem, err)
		}
		return s.showCodes(c, a, codes)
	}
	problem, err := s.withCode(c, a, func(code string) error {
		return s.store.EndSecondFactor(ctx, a.person.ID, code, s.now())
	})
	if err != nil || problem != "" {
		return s.secondProblem(c, a, problem, err)
	}
	return c.Redirect(http.StatusSeeOther, "/profile?notice=second-off")
}
