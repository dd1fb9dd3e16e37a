package review

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// What common passwords are built on (ASVS 5.0 V6.2.4 and V6.2.11), gathered by
// ourselves: words, names, teams and dates of many languages. Passwords of twelve
// characters and more are seldom one of them alone, but one or two with digits,
// years, marks, walks over the keyboard, or twice; uncommon looks for that.
const commonBases = `
password passwort passwd passord passwoord parola parole haslo heslo jelszo salasana sifre senha contrasena contraseña clave motdepasse wachtwoord lozinka geslo kodeord losenord lösenord katasandi matkhau pass phrase passphrase
welcome willkommen bienvenue bienvenido benvenuto bemvindo hello hallo hola bonjour salut ciao merhaba namaste salam marhaba konnichiwa annyeong goodbye
admin administrator root user guest test tester testing login signin default changeme change secret geheim private letmein access open opensesame sesame enter system server service support manager master demo temp temporary office work company business public database oracle mysql cisco router switch network security secure backup account email webmaster postmaster superuser superadmin operator sysadmin
love iloveyou loveyou iloveu lovely lover loveme forever always together family friend friends bestfriend sweetheart honey baby babygirl babyboy angel angels princess prince queen king kingdom princesa principe amor amore teamo tequiero miamor mivida corazon jetaime monamour cherie schatz liebe liebling ichliebedich tiamo askim seniseviyorum kocham kochanie miluju milacek szeretlek aishiteru saranghae habibi habibti hayati sayang cintaku anakku
sunshine sunflower rainbow butterfly summer winter spring autumn fall sommer herbst fruhling verano invierno otono primavera printemps hiver automne soleil estate estrella star stars moon luna etoile sonne mond sun sky heaven ocean river flower flowers rose roses lily daisy jasmine orchid cherry apple banana orange strawberry chocolate cookie cookies candy sugar coffee cheese pizza pepper ginger peanut muffin cupcake butter chicken
monkey dragon tiger lion eagle falcon panther puma jaguar wolf bear panda dolphin shark horse horses pony puppy kitty kitten kitty cat cats dog dogs doggy bulldog rabbit bunny turtle penguin spider snake phoenix unicorn bailey buddy max rocky lucky shadow smokey tigger ginger peaches buster harley cooper charlie coco bella milo oscar simba nala rex
football baseball basketball soccer hockey tennis golf golfer cricket rugby volleyball softball swimming skating racing boxing wrestling fishing hunting dancing dancer surfing skate gymnastics cheer cheerleader futbol calcio fussball piłka football1 champion champions winner winners victory player gamer gaming liverpool chelsea arsenal everton manchester united mancity tottenham barcelona realmadrid madrid juventus milan intermilan inter napoli roma bayern dortmund schalke galatasaray fenerbahce besiktas trabzonspor spartak dinamo lokomotiv zenit flamengo corinthians palmeiras santos saopaulo gremio boca riverplate cowboys steelers packers patriots raiders eagles giants broncos yankees redsox dodgers cubs lakers celtics bulls warriors rangers ferrari mercedes porsche bmw audi toyota honda nissan mustang camaro corvette chevy yamaha kawasaki suzuki ducati
superman batman spiderman ironman wolverine avengers marvel hulk thor joker starwars skywalker yoda vader anakin jedi matrix gandalf frodo hobbit hogwarts harry potter harrypotter dumbledore pokemon pikachu charizard naruto sasuke sakura itachi onepiece luffy dragonball goku vegeta sonic mario zelda minecraft fortnite roblox warcraft starcraft counterstrike callofduty halo destiny legend leagueoflegends metallica nirvana slipknot eminem beatles blink182 greenday linkinpark rammstein ironmaiden beyonce rihanna shakira justin bieber justinbieber onedirection exo bts blackpink snoopy mickey minnie disney cinderella tinkerbell pooh hellokitty doraemon
michael jennifer jordan jessica ashley amanda michelle nicole daniel andrew joshua matthew anthony robert thomas william james john david joseph christopher christian brandon justin tyler austin hunter jason kevin brian steven eric ryan jacob nathan alexander alex benjamin samuel nicholas jonathan patrick richard charles george edward peter paul mark luke adam simon martin stephen victoria elizabeth samantha stephanie melissa heather rachel rebecca lauren emily hannah sarah laura anna maria marie julia sophia sophie emma olivia isabella natalie danielle vanessa angela patricia barbara linda susan karen nancy lisa sandra donna carol ruth sharon helen diana catherine katherine caroline charlotte alice amelia grace chloe megan taylor madison morgan brittany courtney crystal amber tiffany
alejandro carlos fernando francisco gabriel guillermo javier jorge jose juan luis manuel marcos mario miguel pablo pedro rafael ricardo roberto santiago sebastian sergio alejandra andrea beatriz camila carolina claudia cristina daniela fernanda gabriela guadalupe isabel juana lucia mariana marisol natalia paola valentina valeria veronica joao tiago rodrigo gustavo eduardo marcelo leonardo felipe bruno beatriz leticia juliana
pierre jacques francois nicolas julien antoine laurent philippe olivier christophe stephane sylvie nathalie isabelle camille manon doudou loulou chouchou coucou france paris marseille toulouse allemagne stefan thomas andreas matthias wolfgang juergen jurgen klaus dieter hans heinz florian tobias sabine petra monika claudia katharina hamburg berlin munchen muenchen frankfurt deutschland schalke04 giovanni giuseppe francesco alessandro andrea lorenzo matteo chiara giulia francesca federica martina italia mehmet mustafa ahmet ali hasan huseyin fatma ayse emine zeynep istanbul ankara izmir turkiye allah bismillah mohammed muhammad mohamed ahmed abdullah abdul omar khalid fatima aisha maryam yasmin pakistan india bharat krishna ganesh lakshmi shiva omsairam sairam jaishreeram hanuman rahul amit priya pooja sanjay rajesh suresh deepak indonesia jakarta malaysia philippines vietnam hanoi saigon jesus jesuschrist christ god godisgood bless blessed blessing faith hope trust praise lord savior church bible amen hallelujah
alexandr aleksandr alexey sergey dmitry dmitriy andrey maxim nikita artem ivan vladimir mikhail nikolay evgeny pavel roman denis anton oleg igor yuri natasha nastya anastasia ekaterina katya olga tatiana elena irina svetlana marina oksana lyubov moskva moscow russia rossiya ukraine ukraina kazakhstan astana almaty uzbekistan tashkent privet parol lubov lyubov kotik zaika solnyshko krasotka samsung
пароль привет любовь люблю тебя солнце солнышко зайка котик кошка собака мама папа семья дружба россия москва спартак зенит динамо александр алексей сергей дмитрий андрей максим никита артем артём иван владимир михаил николай евгений павел роман денис антон олег игорь наташа наталья настя анастасия екатерина катя ольга татьяна елена ирина светлана марина оксана юлия мария анна виктория кристина доступ админ администратор секрет вход здравствуй спасибо счастье победа удача весна лето осень зима январь понедельник доброеутро казахстан украина
woaini woaini1314 woaiwojia woaiwo woaimama woaibaba woaini520 aini wangyang zhangwei wangwei wangfang liwei lina zhangmin lijing wangjing liuwei zhangli lili xiaoming xiaohong xiaoli xiaowei baobao baobei laopo laogong laoshi mima nihao woshi zhongguo beijing shanghai guangzhou shenzhen chongqing tianjin nanjing wuhan hangzhou chengdu xian tianya taobao alibaba tencent qq weixin wechat huawei xiaomi qwe aaa asd zxc caonima shabi tiantian xingfu kuaile pengyou jiayou 密码 我爱你 我爱中国 你好 管理员 中国 北京 上海 宝贝 老婆 老公 生日快乐 新年快乐 恭喜发财
kimchi korea seoul daehanminguk japan tokyo osaka nippon arigatou sakurai yamamoto tanaka suzuki takahashi パスワード こんにちは ありがとう さくら 비밀번호 사랑해 안녕하세요 كلمةالسر كلمة المرور السر مرحبا السلام عليكم الله محمد احمد حبيبي حبيبتي بسم بسمالله الحمدلله مصر السعودية العراق
monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december montag freitag sonntag januar februar oktober dezember lundi vendredi janvier fevrier juillet lunes viernes enero febrero julio agosto septiembre octubre noviembre diciembre birthday christmas halloween newyear happynewyear valentine navidad
computer internet google facebook instagram twitter youtube tiktok yahoo hotmail gmail linkedin netflix spotify amazon microsoft windows apple iphone android samsung galaxy nokia sony playstation xbox nintendo linux ubuntu laptop desktop keyboard mouse monitor hacker hacking killer ninja samurai assassin sniper soldier warrior army marine navy pirate zombie vampire ghost devil satan hell demon lucifer death dead evil
america american england london newyork california texas florida chicago boston canada toronto australia sydney brasil brazil argentina mexico colombia peru chile espana spain portugal europe ireland scotland poland polska warszawa czech praha magyar budapest romania bucuresti bulgaria sofia hellas greece serbia beograd croatia hrvatska
whatever freedom blabla blahblah asshole fuckyou fuckoff fuck fucker shit bitch sexy sexybitch hotgirl pussy dick porn lol rofl omg trustno nothing something anything everything cheese biteme iamgod ihateyou hateyou life live laugh goodluck lucky happy smile peace music guitar piano dance singer drummer money dollar million rich boss silver golden gold diamond crystal platinum purple yellow orange green black white blue red pink rainbow turquoise school student teacher university college class engineer doctor nurse police teacher 
benfica porto sporting slayer manutd merry merrychristmas mucho muchisimo tequieromucho teamomucho bangladesh woai woaibeijing ete dhaka kenya nigeria ghana
concord standard standards ministry reviewer adjudicator negotiator importer recognition mutual committee government project
`

// commonFillers join the words above; each counts as one character left over.
const commonFillers = `the and you your my mein mon ich dich tebya тебя мой моя`

// commonRows are what fingers follow without looking: rows, columns and zigzags of
// keyboards, the number pad, the alphabets. Four characters or more of a row, in
// either direction, are a walk.
var commonRows = func() []string {
	rows := []string{
		"1234567890", "0123456789", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiopü", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn",
		"йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "ضصثقفغعهخحجد", "شسيبلاتنمكط", "qazwsxedcrfvtgbyhnujmikolp", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "zaqxswcdevfrbgtnhymjukilop",
		"zaq1xsw2cde3vfr4bgt5nhy6mju7", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "1a2b3c4d5e6f7g8h9i", "a1b2c3d4e5f6g7h8i9", "qawsedrftgyhujikolp", "azsxdcfvgbhnjmkl", "й1ц2у3к4е5н6г7", "1й2ц3у4к5е6н7г8ш9щ", "йфяцычувскамепинртгоьшлбщдю",
		"147258369", "010203040506070809", "159357", "159753", "741852963", "789456123", "963852741", "321654987", "112233445566778899", "11223344", "abcdefghijklmnopqrstuvwxyz", "абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "5201314", "1314520", "88888888", "66668888", "zaq12wsx", "1qazxsw2", "xsw21qaz", "qweasdzxc", "qweasd", "asdzxc", "123qwe", "qwe123", "123qweasd", "qwer1234", "asdf1234", "1234qwer", "abc123", "123abc", "aabbcc", "qwaszx", "йцуфыв", "фывйцу",
	}
	for _, r := range slices.Clone(rows) {
		b := []rune(r)
		slices.Reverse(b)
		rows = append(rows, string(b))
	}
	return rows
}()

// commonSteps are all stretches of four characters of the rows.
var commonSteps = func() map[string]bool {
	out := map[string]bool{}
	for _, row := range commonRows {
		all := []rune(row)
		for i := 0; i+4 <= len(all); i++ {
			out[string(all[i:i+4])] = true
		}
	}
	return out
}()

// On the same keys: what a word becomes when the layout was the other one.
const (
	latinKeys    = "qwertyuiop[]asdfghjkl;'zxcvbnm,."
	cyrillicKeys = "йцукенгшщзхъфывапролджэячсмитьбю"
)

// commonSet are the words, with fillers false, and the words of the Cyrillic and the
// Latin keyboard as the other one writes them.
var commonSet = func() map[string]bool {
	out := map[string]bool{}
	latin, cyrillic := []rune(latinKeys), []rune(cyrillicKeys)
	other := func(word string) string {
		return strings.Map(func(r rune) rune {
			if i := slices.Index(cyrillic, r); i >= 0 {
				return latin[i]
			}
			if i := slices.Index(latin, r); i >= 0 {
				return cyrillic[i]
			}
			return r
		}, word)
	}
	for _, word := range strings.Fields(commonBases) {
		if len([]rune(word)) >= 5 || word[0] >= 0x80 {
			out[other(word)] = true
		}
		out[word] = true
	}
	for _, word := range strings.Fields(commonFillers) {
		out[word] = false
	}
	return out
}()

// commonLongest is the length of the longest word, in characters.
const commonLongest = 20

// plainLeet are digits and marks read as the letters they stand for; 1 and ! have
// two readings.
var plainLeet = map[rune]rune{'0': 'o', '3': 'e', '4': 'a', '5': 's', '7': 't', '8': 'b', '9': 'g', '@': 'a', '$': 's', '1': 'i', '!': 'i', '|': 'l', '+': 't', '€': 'e', 'ё': 'е'}

// readings are what a password may be meant to say.
func readings(low string) [][3]rune {
	out := make([][3]rune, 0, len(low))
	for _, r := range low {
		if r >= 0xFF01 && r <= 0xFF5E { // wide forms of ASCII
			r = unicode.ToLower(r - 0xFEE0)
		}
		x := [3]rune{r, r, r}
		if as := plainLeet[r]; as != 0 {
			x[1], x[2] = as, as
			if r == '1' || r == '!' {
				x[2] = 'l'
			}
		}
		out = append(out, x)
	}
	return out
}

// number is a stretch of digits that says little: a year, a day, up to four digits.
var number = regexp.MustCompile(`^(\d{1,4}|(0?[1-9]|[12]\d|3[01])(0?[1-9]|1[0-2])(19|20)\d\d|(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])|\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])|(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])\d\d)$`)

// The bounds of what is common (our own): distinct words, and letters and digits
// that are part of nothing known.
const (
	commonWordsMost = 2
	commonLeftMost  = 3
	commonLength    = 64 // characters; two words with what is added are shorter
)

// commonPassword tells a password that is made of at most two common words, or the
// person's own, with what people usually add. It reads it three ways, digits as
// they are and as letters, and finds the way that leaves the least over. The
// password is in lower case; own are words in lower case. Time grows with the
// length of the password alone.
func commonPassword(low string, own []string) bool {
	if unit := repeated(low); len([]rune(unit)) <= 6 {
		return true
	}
	all := readings(low)
	if len(all) > commonLength {
		return false
	}
	for way := range 3 {
		text := make([]rune, len(all))
		for i, x := range all {
			text[i] = x[way]
		}
		if commonReading(all, text, own) {
			return true
		}
	}
	return false
}

// repeated is the shortest text that, again and again, makes the whole; the end may
// be cut.
func repeated(text string) string {
	all := []rune(text)
	for n := 1; n <= len(all)/2; n++ {
		same := true
		for i := n; i < len(all) && same; i++ {
			same = all[i] == all[i-n]
		}
		if same {
			return string(all[:n])
		}
	}
	return text
}

// commonReading covers one reading from left to right, with the fewest characters
// left over and then the fewest words.
func commonReading(all [][3]rune, text []rune, own []string) bool {
	type step struct {
		cost, from int
		word       string
	}
	best := make([]step, len(text)+1)
	for i := 1; i <= len(text); i++ {
		best[i] = step{cost: math.MaxInt, from: i - 1}
	}
	reach := func(from, to, cost int, word string) {
		if c := best[from].cost + cost; c < best[to].cost {
			best[to] = step{c, from, word}
		}
	}
	for i := range text {
		left := 0
		if raw := all[i][0]; unicode.IsLetter(raw) || unicode.IsDigit(raw) {
			left = 100
		}
		reach(i, i+1, left, "")
		for n := 1; n <= commonLongest && i+n <= len(text); n++ {
			word := string(text[i : i+n])
			if counts, known := commonSet[word]; known && counts {
				reach(i, i+n, 1, word)
			} else if slices.Contains(own, word) {
				reach(i, i+n, 1, "")
			} else if known {
				reach(i, i+n, 101, "")
			}
		}
		for to := i + 1; to <= len(text) && to-i <= 8 && unicode.IsDigit(all[to-1][0]); to++ {
			digits := make([]rune, 0, 8)
			for _, x := range all[i:to] {
				digits = append(digits, x[0])
			}
			// a whole stretch, or the year at its end
			begins := i == 0 || !unicode.IsDigit(all[i-1][0])
			if ends := to == len(text) || !unicode.IsDigit(all[to][0]); ends && (begins && (number.MatchString(string(digits)) || len(repeated(string(digits))) <= 3) || len(digits) == 4 && year.MatchString(string(digits))) {
				reach(i, to, 1, "")
			}
		}
		if to := walk(all, i); to-i >= 4 {
			reach(i, to, 1, "")
		}
		to := i + 1
		for to < len(all) && all[to][0] == all[i][0] {
			to++
		}
		if to-i >= 3 {
			reach(i, to, 1, "")
		}
	}
	words, found := map[string]bool{}, false
	for at := len(text); at > 0; at = best[at].from {
		found = found || best[at].cost%100 != best[best[at].from].cost%100
		if w := best[at].word; w != "" {
			words[w] = true
		}
	}
	return best[len(text)].cost/100 <= commonLeftMost && len(words) <= commonWordsMost && found
}

// walk is how far the text follows one of the rows from a place on.
func walk(all [][3]rune, from int) int {
	end := from
	for to := from + 4; to <= len(all); to++ {
		part := make([]rune, 0, to-from)
		if last := to - 4; !commonSteps[string([]rune{all[last][0], all[last+1][0], all[last+2][0], all[last+3][0]})] {
			break
		}
		for _, x := range all[from:to] {
			part = append(part, x[0])
		}
		if !slices.ContainsFunc(commonRows, func(row string) bool { return strings.Contains(row, string(part)) }) {
			break
		}
		end = to
	}
	return end
}

// ownWords are the words of a person's login and names that a password must not be
// built on.
func ownWords(names ...string) []string {
	var out []string
	for _, name := range names {
		parts := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		out = append(out, parts...)
		if len(parts) > 1 {
			out = append(out, strings.Join(parts, ""))
		}
	}
	return slices.DeleteFunc(out, func(w string) bool { return len(w) < 2 || len([]rune(w)) > commonLongest })
}
