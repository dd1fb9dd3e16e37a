package review

import (
	"strconv"
	"strings"
	"testing"
)

// commonForms are passwords of twelve characters and more as people really choose
// them, written by ourselves and not made out of the list.
var commonForms = strings.Fields(`
password1234 Password1234 Password123! P@ssw0rd1234 P@$$w0rd2024 passw0rd12345 passwordpassword PASSWORD1234 password2023! Passwort1234 passwort12345 Passwort2024! motdepasse12 motdepasse123 Motdepasse2024 contraseña123 contraseña2024 contrasena1234 senha12345678 wachtwoord123 Wachtwoord2024 salasana1234 parola123456 sifre1234567 haslo1234567
qwertyuiop12 qwertyuiop123 Qwertyuiop1! qwerty123456 qwerty1234567 qwerty12345678 Qwerty123456! qwertyqwerty qwertyuiopasdfghjkl 1qaz2wsx3edc 1qaz2wsx3edc4rfv 1q2w3e4r5t6y 1q2w3e4r5t6y7u8i q1w2e3r4t5y6 zaq12wsxcde3 !QAZ2wsx3edc qazwsxedcrfv qazwsxedc123 asdfghjkl123 asdfghjklzxcvbnm zxcvbnm12345 azertyuiop123 azerty123456 qwertz123456 qwertzuiop123 1234qwerasdf 123qweasdzxc qwe123asd456 asdf1234asdf abcd12345678 abc123456789 abcdefghijkl abcdefgh1234 a1b2c3d4e5f6 aa123456789 aaa123456789 qweasdzxc123
123456789012 1234567890123 12345678901234 123456123456 111111111111 112233445566 121212121212 123123123123 987654321012 147258369147 159357159357 131452013145 5201314520131 1314520131452 520520520520 666666888888 010203040506 202420242024 199019901990 159753159753 789456123000 1234567891011 111222333444 000000000000
йцукенгшщзхъ йцукенгшщз12 йцукен123456 фывапролдж12 пароль123456 пароль12345! Пароль2024!! парольпароль привет123456 приветпривет любовь123456 наташа123456 Наташа1985!! Сергей19900101 солнышко1234 gfhjkm123456 gfhjkmgfhjkm ghbdtn123456 ghbdtnghbdtn йцукенйцукен максим123456 Россия2024!! спартак12345 москва123456 Зфыыцщкв1234 privet123456 natasha12345 lubovlubov12 александр1990 екатерина123
woaini123456 woaini1314520 woaini5201314 woaini520520 woaiwojia123 woaiwoaini520 wangyang1234 zhangwei1990 zhangwei19900101 liwei1234567 a123456789012 a12345678901 qq1234567890 qq123456789012 asd123456789 zxc123456789 taobao123456 beijing2008! woaini521521 tiantian1234 laopowoaini1 我爱你1234567890 密码1234567890 woaibeijing1 aini1314aini caonima12345 nihao1234567
iloveyou1234 iloveyou123! iloveyou2024 iloveyouiloveyou iloveyou!!!! ILoveYou1234 iloveyoubaby iloveyou5201314 iloveyou12345 jetaime12345 teamo1234567 tequiero1234 tequieromucho teamomucho12 seniseviyorum ichliebedich ichliebedich1 mylove123456 myangel12345 lovelove1234 loveyou12345 foreverlove1 iloveyoumom1 ilovejesus12 ilovejesus123 godisgood123 jesuschrist1 jesus1234567 jesusislord1 bismillah123 bismillah786 allah786allah omsairam1234 krishna12345
liverpool123 liverpool2024 Liverpool1892! chelsea12345 arsenal12345 manchester12 manchesterunited manutd123456 barcelona123 barcelona2024 realmadrid12 realmadrid123 juventus1897 juventus1234 galatasaray1905 galatasaray1 fenerbahce1907 besiktas1903 flamengo1234 corinthians1 football1234 basketball12 baseball1234 cowboys12345 yankees12345 steelers1234 mustang12345 ferrari12345 mercedes1234 porsche91112
superman1234 batman123456 spiderman123 spiderman2024 starwars1234 starwars1977 pokemon12345 pikachu12345 naruto123456 minecraft123 fortnite1234 roblox123456 harrypotter1 harrypotter123 metallica123 linkinpark12 slipknot6666 eminem123456 dragonball12 dragonballz1 onedirection hellokitty12 hellokitty123 mickeymouse1
michael12345 Michael2024! jennifer1234 jessica12345 jessica1990! ashley123456 amanda123456 michelle1234 nicole123456 daniel123456 andrew123456 joshua123456 charlie12345 Charlie2023! jordan232323 jordan123456 alexander123 alexander1990 stephanie123 elizabeth123 christopher1 christian123 alejandro123 alejandra123 fernando1234 francisco123 gabriela1234 guadalupe123 sebastian123 valentina123 fernanda1234 mohammed1234 muhammad1234 mohamed12345 fatima123456 mehmet123456 mustafa12345 istanbul1453 istanbul3434 thomas123456 andreas12345 nicolas12345 francesco123 alessandro12 giuseppe1234
sunshine1234 Sunshine2024 princess1234 princesa1234 butterfly123 chocolate123 strawberry12 monkey123456 dragon123456 tigger123456 shadow123456 ginger123456 pepper123456 bailey123456 buster123456 cooper123456 samsung12345 computer1234 internet1234 facebook1234 Facebook2024 google123456 playstation3 playstation2 letmein12345 letmein2024! welcome12345 Welcome2024! Welcome12345! welcome@1234 admin1234567 Admin@123456 admin@2024!! administrator administrator1 Administrator1! changeme1234 ChangeMe2024! secret123456 topsecret123 default12345 testtesttest test12345678 Test1234567! temp12345678 root12345678 rootroot1234 master123456 trustno11111 opensesame12 whatever1234 freedom12345
Summer2024!! Summer2023!! Sommer2024!! Winter2024!! Winter2023!! Spring2024!! Autumn2024!! Herbst2024!! January2024! February2024 September2024 December2024! November2023! Monday123456 Montag123456 Januar2024!! Verano2024!! Invierno2024 Primavera2024 primavera123 Ete2024ete20 happybirthday merrychristmas christmas2024 newyork12345 california12 london123456 paris1234567 Paris2024!!! deutschland1 Deutschland123 frankfurt123 hamburg12345 Indonesia123 indonesia1945 pakistan1947 pakistan12345 bangladesh71 argentina123 colombia1234 australia123 vietnam12345 matkhau12345 sayangku1234 sayang123456 cintaku12345 rahul1234567 india1234567 India@1947!! jaishreeram1 krishna@1234 polska123456 kochamcie123 kocham123456
fuckyou12345 fuckyoufuckyou fuckyou!!!!! bitch1234567 sexy12345678 asshole12345 killer123456 hacker123456 ninja1234567 blink182182! slayer666666 student12345 teacher12345 University1! company12345 Company2024! office123456 support12345 server123456 oracle123456 cisco1234567 Security123! network12345
كلمةالسر1234 مرحبا1234567 محمد12345678 حبيبي123456 パスワード1234567 さくら123456789 비밀번호12345678 사랑해123456789 ministry2024 Ministry123! standard1234 standards123 government12 reviewer1234
`)

// strong are passwords that nobody would guess soon: sentences, random characters,
// words that are not the commonest.
var strong = []string{
	"correct horse battery", "maple river candle", "tree-house-7", "春眠不觉晓处处闻啼鸟夜来", "kd7uwmqxkd8u", "vT9#qLw2zR!p", "83927461028374", "purple bicycle under the bridge",
	"tundra-quill-94-wharf", "восемь зелёных чайников кипят", "мой сосед чинит старый трактор", "zebra crossing at noon again", "la cigarra come lechuga verde", "quatre vaches bleues dansent", "sechs Kisten voller Nägel",
	"床前明月光疑是地上霜举头望", "ثلاثة قوارب على الشاطئ", "wolkenkratzerpinsel", "g7Kp-2mXe-99Qz", "paper lamp seven tulips", "my aunt bakes rye bread daily", "hexagon mosaic plumber", "Tj4&kk0PwzQ1", "ostrich velvet compass", "nineteen loud kettles",
	"xkcdvortexplinth", "pq83hfnz01kd", "stapler.orbit.fjord", "copper wire, blunt saw", "rainy tramline postcard",
}

func TestCommonPasswords(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range commonForms {
		if n := len([]rune(p)); n < MinPasswordRunes {
			continue // refused by its length
		}
		seen[p] = true
		if checkPassword("somebody", p) == nil {
			t.Errorf("%s is accepted", p)
		}
	}
	t.Logf("%d of our own writing", len(seen))
	// how people lengthen: words with what is added most
	ends := []string{"123456", "1234", "12345678", "123", "2024", "2023!", "1990", "!!!!", "01011990", "@123", "1234!", "520", "1314"}
	refused := 0
	for _, word := range strings.Fields("password qwerty dragon monkey letmein football baseball superman michael jennifer jordan hunter thomas charlie george andrew jessica daniel computer internet samsung sunshine princess shadow master welcome admin secret natasha sergey пароль привет наташа максим woaini zhangwei motdepasse bonjour soleil doudou passwort schatz hallo contraseña tequiero teamo princesa senha benfica sifre galatasaray mohammed bismillah krishna sayang matkhau haslo polska kocham parola juventus francesco liverpool arsenal chelsea barcelona pokemon naruto batman starwars minecraft ferrari mercedes summer winter sommer verano forever angel lovely butterfly chocolate cookie pepper ginger buster tigger killer freedom whatever trustno jesus blessed paris london berlin istanbul moscow") {
		for _, form := range []string{word, strings.ToUpper(string([]rune(word)[:1])) + string([]rune(word)[1:]), strings.ToUpper(word), leet.Replace(word), word + word} {
			for _, end := range ends {
				for _, p := range []string{form + end, end + form, form + "_" + end} {
					if n := len([]rune(p)); n < MinPasswordRunes || n > MaxPasswordRunes || seen[p] {
						continue
					}
					seen[p] = true
					if err := checkPassword("somebody", p); err != nil {
						refused++
					}
				}
			}
		}
	}
	t.Logf("%d of %d forms refused", refused, len(seen))
	if refused < 3000 {
		t.Errorf("%d common forms are refused, ASVS V6.2.4 asks for 3000", refused)
	}
	for _, p := range strong {
		if err := checkPassword("somebody", p, "Some Body"); err != nil {
			t.Errorf("%s: %v", p, err)
		}
	}
}

// leet writes a word as people disguise it.
var leet = strings.NewReplacer("a", "@", "o", "0", "e", "3", "s", "$", "i", "1")

// TestOwnNames: a password is not built on one's own name, and may have it in a
// sentence.
func TestOwnNames(t *testing.T) {
	for p, ok := range map[string]bool{"Ostrowski2024!": false, "ostrowskijanina": false, "janina19840312": false, "0strowsk1-1234": false, "janina grows purple cabbage": true} {
		if err := checkPassword("jo", p, "Janina Ostrowski"); (err == nil) != ok {
			t.Errorf("%s: %v", p, err)
		}
	}
	if checkPassword("jo", "Ostrowski2024!", "Wu Ming") != nil {
		t.Error("the control: it is somebody else's name")
	}
}

// BenchmarkCommonPassword measures one look, of passwords of three lengths.
func BenchmarkCommonPassword(b *testing.B) {
	for _, p := range []string{"password1234", "correct horse battery", strings.Repeat("kd7uwmqx", 31) + "1"} {
		b.Run(strconv.Itoa(len(p)), func(b *testing.B) {
			for b.Loop() {
				commonPassword(p, []string{"janina"})
			}
		})
	}
}

// TestCommonIsSmall bounds what the words weigh in the program.
func TestCommonIsSmall(t *testing.T) {
	size := len(commonBases) + len(commonFillers)
	for _, r := range commonRows {
		size += len(r)
	}
	if t.Logf("%d bytes", size); size > 30_000 {
		t.Errorf("the words weigh %d bytes", size)
	}
}
