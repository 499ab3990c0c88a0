/**
 * Passwords that everybody tries first, of ten and more characters (shorter ones are refused anyway), in small letters: the
 * 30,000 most frequent of ten million that were breached (docs/design/reliability.md#passwords), and our own.
 */
import breached from './breached-passwords.json' with { type: 'json' };

/** Indonesian ones, those of this firm and of newer years, which lists of the world do not have. */
const OWN = `
1234567890 0123456789 0987654321 9876543210 12345678910 123456789a 123456789q 1234567891 12345678900 1231231231 123123123123
1234512345 12344321123 1122334455 1212121212 1111111111 0000000000 1472583690 1029384756 123qweasdzxc
123456123456 12345678912 1234567890123 123456789012 112233445566 111222333444 11223344556677 1q2w3e4r5t 1q2w3e4r5t6y
1qaz2wsx3edc 1qazxsw23edc zaq12wsxcde3 zaq1zaq1zaq1 qazwsxedcrfv qazwsxedc123 qwertyuiop qwertyuiop123 qwertyuiop[]
qwerty12345 qwerty123456 qwerty1234 qwertyqwerty qwerty123qwerty asdfghjkl1 asdfghjkl123 asdfasdfasdf asdfghjkl; zxcvbnm123
zxcvbnm1234 poiuytrewq abcdefghij abcdefghijkl abcd123456 abcd1234567 abc1234567 abc123456789 a123456789 a1234567890
aa123456789 aa12345678 q123456789 qweasdzxc123 qweqweqweqwe 1a2b3c4d5e password12 password123 password1234 password12345
password01 password11 password99 password2023 password2024 password2025 password2026 passwordpassword mypassword
mypassword1 mypassword123 newpassword newpassword1 p@ssword123 p@ssw0rd123 p@ssw0rd1234 passw0rd123 passw0rd1234
pa55word123 p@55w0rd123 changeme123 changemenow changeit123 letmein123 letmeinplease welcome123 welcome1234 welcome2024
welcome2025 welcome2026 admin12345 admin123456 admin1234567 adminadmin administrator administrator1 superadmin superadmin1
superadmin123 rootroot123 root123456 user123456 test123456 testtest123 testing123 testing1234 demo123456 default123
temporary123 secret1234 secretsecret topsecret1 iloveyou12 iloveyou123 iloveyou1234 iloveyou2024 ilovejesus iloveindonesia
princess123 sunshine123 football123 baseball123 superman123 batman12345 dragon12345 monkey12345 master12345 shadow12345
michael123 jennifer123 jessica123 charlie123 whatever123 trustno1123 starwars123 computer123 computer1234 internet123
samsung123 samsung1234 google12345 facebook123 facebook1234 instagram123 whatsapp123 whatsapp1234 telegram123 liverpool123
manchester manutd12345 chelsea1234 barcelona123 realmadrid123 christopher elizabeth123 alexander123
indonesia1 indonesia12 indonesia123 indonesia1234 indonesia45 indonesia1945 indonesiaraya merdeka1945 merdeka123 pancasila1
pancasila123 garuda12345 jakarta123 jakarta1234 bandung123 surabaya123 yogyakarta bismillah1 bismillah12 bismillah123
bismillah1234 alhamdulillah alhamdulillah1 subhanallah astaghfirullah allahuakbar assalamualaikum sayangku12 sayangku123
sayang12345 sayang123456 sayangkamu akusayangkamu akucintakamu akucinta123 cintaku123 cinta12345 kucing12345 anjing12345
rahasia123 rahasia1234 rahasia12345 katasandi1 katasandi12 katasandi123 katasandi1234 katasandiku sandiku123 passwordku
passwordku123 passwordsaya rumahku123 keluarga123 keluargaku semangat123 semangat45 bahagia123 selamat123 selamatpagi
terimakasih doraemon123 naruto12345 freefire123 mobilelegend mobilelegends persib1933 persija1928 sagakargo123 sagasaga123
saga12345678 kargo12345 sales12345 salesagent1 salesagent123 teamleader1 logistik123 ekspedisi123
correcthorsebatterystaple thequickbrownfox
`
  .trim()
  .split(/\s+/);

export const COMMON_PASSWORDS: ReadonlySet<string> = new Set([...OWN, ...breached.words.split(' ')]);
