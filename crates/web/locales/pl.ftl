# Polski
brand = Handbill
skip = Przejdź do treści
nav-label = Serwis
nav-new = Nowy wpis
nav-newest = Najnowsze
nav-about = O serwisie
nav-contact = Kontakt
announcement-label = Ogłoszenie serwisu
nav-language = Język strony

composer-heading = Wrzuć. Weź link.
composer-lead = Zdjęcie, film albo kilka słów. Bez zakładania konta.
composer-files = Wybierz zdjęcia i filmy
composer-limits = { $files ->
    [one] Jeden plik, do { $size }.
    [few] Najwyżej { $files } pliki, każdy do { $size }.
    [many] Najwyżej { $files } plików, każdy do { $size }.
   *[other] Najwyżej { $files } pliku, każdy do { $size }.
}
composer-options = Więcej opcji
composer-publish = Opublikuj
composer-promise = Zanim ktokolwiek zobaczy pliki, usuniemy z nich położenie i dane aparatu.
composer-kept = Nic nie zostało opublikowane. Twój tekst wciąż tu jest; pliki trzeba wybrać ponownie.
refused-count = { $files ->
    [one] Jeden plik nie został przyjęty:
    [few] { $files } pliki nie zostały przyjęte:
    [many] { $files } plików nie zostało przyjętych:
   *[other] { $files } pliku nie przyjęto:
}
refused-more = { $files ->
    [one] I jeszcze jeden plik, z podobnego powodu.
    [few] I jeszcze { $files } pliki, z podobnych powodów.
    [many] I jeszcze { $files } plików, z podobnych powodów.
   *[other] I jeszcze { $files } pliku, z podobnych powodów.
}
file-nameless = Plik bez nazwy

composer-drop = Możesz je też upuścić albo wkleić w dowolnym miejscu tej strony.
composer-camera = Zrób zdjęcie
draft-kept = Twoje słowa są zachowane jako szkic, tylko na tym urządzeniu.
draft-forget = Odrzuć szkic

files-label = Twoje pliki
composer-choose = Wybierz pliki
password-again = Wpisz hasło jeszcze raz: nigdy go nie zachowujemy. Bez hasła wpis otworzy każdy, kto ma link.
publish-back = Wróć do wpisu
publish-patience = Serwis prosi o cierpliwość
publish-proving = Chwileczkę
publish-proving-words = Z twojej sieci przychodzi bardzo wiele wpisów. Twoje urządzenie rozwiązuje małe zadanie, żeby twój wpis wyprzedził to, co wysyłają maszyny; potem opublikuje się sam.
paying-words = Z twojej sieci przychodzi bardzo wiele. Twoje urządzenie rozwiązuje małe zadanie, żeby to, co piszesz, wyprzedziło to, co wysyłają maszyny; potem wyśle się samo. Nie zamykaj tej strony.
paying-bar = Postęp zadania
published-later = Inni zobaczą twój wpis od tej godziny:
published-plain-links = Ze względu na drogę, którą przyszedł, linki w nim są zwykłymi słowami do
published-empty = Twój wpis jest pusty.
published-taken = Mamy to.
post-waiting-until = Czeka. To ma być publiczne o { $time }.
manage-waiting = Nikt poza tobą nie widzi tego wpisu, dopóki ktoś go nie obejrzy.
manage-waiting-until = Nikt poza tobą nie widzi tego wpisu do { $time }.
outcome-all-ready = Wszystko jest gotowe i widoczne.
link-copied-manage = Link do zarządzania jest w schowku. Zachowaj go dla siebie.
mine-forget-sure = Zapomnieć wszystkie wpisy z tej listy razem z linkami do zarządzania? Same wpisy zostaną.
mine-not-kept = Ta przeglądarka nie pozwala serwisowi niczego zachować. Zapisz link do zarządzania samodzielnie.
upload-progress = Postęp
upload-waiting = czeka na swoją kolej
upload-left = zostało { $time }
upload-ready = gotowe
upload-arrived = dotarł
upload-all-arrived = Wszystkie pliki dotarły.
upload-others-arrived = Pozostałe dotarły.
upload-offline = Brak połączenia. Wysyłanie ruszy samo, gdy tylko wróci.
upload-again = Połączenie się zerwało. Próbuję ponownie…
upload-missing = Wybierz ten plik jeszcze raz, a wyśle się jego reszta.
upload-changed = zmienił się albo został przeniesiony podczas wysyłania. Wybierz go ponownie.
upload-gone = trwał zbyt długo i serwis z niego zrezygnował. Wyślij go ponownie.
upload-failed = nie dał się wysłać. Spróbuj ponownie.
upload-other = To inny plik. Wybierz { $name } albo usuń go tutaj.
upload-twice = { $name } już jest na liście.
upload-removed = Usunięto: { $name }.
upload-too-many = Najwięcej plików w jednym wpisie: { $files }. Pominięte: { $count }. Umieść je w kolejnym wpisie.
upload-retry = Spróbuj ponownie
upload-choose = Wybierz ponownie
upload-remove = Usuń
upload-words = Podpis i zasłona
field-still-of = Pokaż
still-of-nothing = Osobno
still-of-video = Przed odtworzeniem filmu: { $name }
still-of = widoczne przed odtworzeniem { $name }
order-handle = Przesuń
order-earlier = Przesuń w górę
order-later = Przesuń w dół
order-moved = { $name }: miejsce { $place } z { $count }.

editor-tools = Formatowanie
editor-bold = Pogrubienie
editor-italic = Kursywa
editor-heading = Nagłówek
editor-list = Lista
editor-quote = Cytat
editor-link = Odnośnik
editor-code = Kod
editor-picture = Zdjęcie między akapitami
editor-picture-which = Które?
editor-picture-none = Najpierw wybierz zdjęcia lub filmy, a potem wstawisz je między akapity.
editor-picture-close = Anuluj
editor-preview = Podgląd
preview-empty = Tu zobaczysz swój tekst tak, jak zobaczą go czytelnicy.

publishing = Publikuję…
published = Opublikowane.
publish-waiting = Czekam na połączenie
publish-waiting-words = Wpis jest zachowany na tym urządzeniu i opublikuje się sam, gdy tylko wróci połączenie. Wtedy pojawi się tu odnośnik.
publish-failed = Nie udało się opublikować. Spróbuj ponownie za minutę.
publish-nothing-left = Nie dało się przyjąć żadnego pliku, więc nic nie opublikowano.
link-copied = Odnośnik jest w schowku.
link-by-hand = Oto Twój odnośnik.
link-select = Ta przeglądarka nie pozwala stronie kopiować. Odnośnik jest zaznaczony: skopiuj go samodzielnie.
link-copy = Kopiuj odnośnik
link-copy-manage = Kopiuj odnośnik do zarządzania
link-share = Udostępnij…
link-code = Kod QR
link-code-alt = Odnośnik jako kod QR
outcome-arriving = Twoje pliki są jeszcze w drodze. Nie zamykaj tej strony, dopóki nie dotrą.
outcome-all-arrived = Wszystkie pliki dotarły. Możesz zamknąć tę stronę.
outcome-missing = Nie wszystkie pliki dotarły.
outcome-left-out = Nieprzyjęte pliki: { $count }. Powód podano na liście.
outcome-others-arrived = Pozostałe dotarły. Możesz zamknąć tę stronę.
outcome-others-ready = Pozostałe są gotowe i widoczne.
outcome-more = Odnośniki i pliki

mine-remember = Zapamiętaj moje wpisy w tej przeglądarce
mine-remember-words = Z odnośnikami do zarządzania: każdy, kto używa tej przeglądarki, może je zmieniać i usuwać.
mine-heading = Twoje wpisy w tej przeglądarce
mine-words = Zapisane tylko na tym urządzeniu. Serwis nie wie, które wpisy są Twoje.
mine-manage = Zarządzaj
mine-forget = Zapomnij
mine-forget-all = Zapomnij wszystkie
mine-export = Zapisz listę do pliku

viewer-label = Zdjęcia w dużym rozmiarze
viewer-close = Zamknij
viewer-zoom = Powiększ
viewer-previous = Poprzednie zdjęcie
viewer-next = Następne zdjęcie
viewer-error = Nie udało się wczytać zdjęcia.

field-title = Tytuł
field-text = Tekst
field-caption = Podpis
field-alt = Opis dla osób, które nie widzą
field-language = Język wpisu
field-listed = Publicznie widoczny
field-sensitive = Drażliwa treść
field-expires = Samoczynne usunięcie
hint-markdown = Możesz używać Markdownu: **pogrubienie**, *kursywa*, listy, odnośniki.
hint-place-before = Wpisane w osobnym wierszu
hint-place-sample = ![co przedstawia](media:1)
hint-place-after = wstawia pierwszy plik między akapity.
hint-sensitive = Zasłonięta, dopóki czytelnik nie zechce jej zobaczyć.
hint-listed = Może pojawić się na publicznych listach i w wyszukiwarkach. W przeciwnym razie trafią tu tylko osoby, które mają link.
hint-alt = Opis jest odczytywany na głos osobom, które nie widzą obrazu.
language-detect = Wykryj
expires-never = Nigdy
expires-1h = Po godzinie
expires-1d = Po jednym dniu
expires-1w = Po tygodniu
expires-1m = Po 30 dniach
expires-1y = Po roku

newest-heading = Najnowsze wpisy
newest-lead = Wpisy, których autorzy chcieli, by się tu znalazły – od najnowszych.
newest-empty = Jeszcze nic tu nie ma.
newest-older = Starsze wpisy
newest-feed = Kanał Atom

post-untitled = Wpis
post-edited = zmieniono
post-expires = zniknie
post-processing = { $media ->
    [one] Jeden plik jest jeszcze przygotowywany. Strona odświeży się sama.
    [few] { $media } pliki są jeszcze przygotowywane. Strona odświeży się sama.
    [many] { $media } plików jest jeszcze przygotowywanych. Strona odświeży się sama.
   *[other] { $media } pliku jest jeszcze w przygotowaniu. Strona odświeży się sama.
}
medium-processing = W przygotowaniu
medium-percent = { $percent }%
medium-waiting = Oczekuje. Ten plik nie jest jeszcze publiczny.
post-waiting = Oczekuje. Ten tekst nie jest jeszcze publiczny.
medium-queued = Czeka na swoją kolej
medium-download = Pobierz ({ $size })
medium-remove = Usuń ten plik
medium-remove-sure = Plik zostanie usunięty na zawsze. Niezapisane zmiany przepadną.
medium-remove-yes = Usuń na zawsze
media-photo-number = Zdjęcie { $number }
media-animation-number = Animacja { $number }
media-video-number = Film { $number }
cover-title = Drażliwa treść
cover-words = Zdecyduj, czy chcesz to zobaczyć. Nic jeszcze nie zostało wczytane.
cover-show = Pokaż
cover-medium-words = Zdecyduj, czy chcesz to zobaczyć.
media-number = Plik { $number }
share-heading = Udostępnij
share-link = Link do tego wpisu
share-zip = Wszystkie pliki razem
share-zip-size = ZIP, { $size }
share-embed = Osadź na innej stronie
share-embed-code = Kod na twoją stronę
new-tab = (otwiera się w nowej karcie)

manage-heading = Zarządzaj wpisem
manage-published = Gotowe, wisi.
manage-published-lead = Pierwszy link możesz dać każdemu. Drugi zachowaj dla siebie.
manage-saved = Zmiany zapisane.
manage-saving = Zapisywanie…
manage-failed = Nie udało się zapisać zmian. Spróbuj ponownie za minutę.
manage-processing = { $media ->
    [one] Jeden plik jest jeszcze przygotowywany. Link już działa.
    [few] { $media } pliki są jeszcze przygotowywane. Link już działa.
    [many] { $media } plików jest jeszcze przygotowywanych. Link już działa.
   *[other] { $media } pliku jest jeszcze przygotowywanych. Link już działa.
}
manage-look-again = Sprawdź ponownie
manage-link = Link do udostępnienia
manage-open = Otwórz wpis
manage-secret = Link do zarządzania, tylko dla ciebie
manage-lost = Zgubisz, to przepadnie: zachowaj go.
manage-lost-words = Kto ma ten link, może zmienić i usunąć wpis, a odzyskać go nie pomoże ci nikt.
manage-edit = Edycja
manage-save = Zapisz zmiany
manage-delete = Usuwanie wpisu
manage-delete-words = Wpis i wszystkie jego pliki znikną od razu i na zawsze.
manage-delete-open = Usuń…
manage-delete-sure = Tego nie da się cofnąć.
manage-delete-yes = Usuń na zawsze

message-home = Przejdź na stronę główną
message-not-found = Nic tu nie ma
message-not-found-words = Może w linku zgubiła się litera. Sprawdź go albo zapytaj osobę, która go przysłała.
message-gone = Tego wpisu już nie ma
message-gone-words = Autor go usunął, minął jego czas albo otwarto go już tyle razy, ile miało być można. Nie da się go przywrócić.
message-deleted = Usunięto
message-deleted-words = Wpis i jego pliki zniknęły na zawsze. Jego link teraz o tym informuje.
message-bad-request = Nie udało się
message-bad-request-words = Żądanie było niepełne lub zniekształcone. Wróć i spróbuj ponownie.
message-too-large = To za dużo
message-too-large-words = Przesłane dane są większe, niż ten serwis przyjmuje. Spróbuj z mniejszym lub krótszym plikiem.
message-unsupported = Tego nie można tu opublikować
message-unsupported-words = Można publikować tylko zdjęcia, filmy i tekst.
message-too-many = Trochę wolniej, proszę
message-too-many-words = Z twojego połączenia przyszło bardzo dużo żądań. Odczekaj minutę i spróbuj ponownie.
message-internal = Coś się u nas zepsuło
message-internal-words = To nie twoja wina, a błąd został odnotowany. Spróbuj ponownie za minutę.
message-unavailable = Zaraz wracamy
message-unavailable-words = Serwis nie może tego teraz zrobić. Nic z tego, co opublikowano, nie przepadło. Spróbuj ponownie za minutę.

error-not-multipart = To żądanie nie jest formularzem (multipart/form-data). Użyj formularza na stronie albo polecenia curl -F file=@photo.jpg.
error-too-many-parts = Żądanie ma więcej części, niż może przyjść naraz. Wyślij je w kilku żądaniach.
error-not-json = Treść żądania to nie JSON. Wyślij ją jako application/json.
error-bad-json = Nie da się odczytać JSON-a w żądaniu: któreś pole jest błędne, nieznane albo go brakuje.
draft-no-password = Puste hasło niczego nie zamyka. Pomiń je albo wyślij null, jeśli wpis ma go nie mieć.
error-changed = Wpis został w międzyczasie zmieniony. Odczytaj go ponownie i wyślij zmianę z jego numerem wersji.
error-not-found = Pod tym adresem niczego nie ma.
error-prove = Rozwiązane zadanie z tej odpowiedzi zostanie przyjęte od razu.
error-not-list = Wyślij listę jako text/csv albo application/x-ndjson.
error-signature = Brakuje podpisu tego żądania albo jest nieprawidłowy.
error-bad-list = Tej listy nie da się odczytać.
error-no-secret = Brakuje sekretu zarządzania. To ostatnia część linku do zarządzania.
error-interrupted = Połączenie zerwało się, zanim wszystko dotarło, więc nic nie zostało opublikowane. Sprawdź połączenie i spróbuj ponownie.

budget-posts = Z twojego połączenia pojawiło się ostatnio dużo wpisów, być może nie wszystkie od ciebie. To, co już jest opublikowane, zostaje.
budget-uploads = Z twojego połączenia rozpoczęto ostatnio dużo przesyłań. Te, które trwają, nie zostaną przerwane.
budget-open-uploads = Z twojego połączenia trwa teraz wiele przesyłań. Nie zostaną przerwane; nowe można zacząć, gdy część się zakończy.
budget-bytes = Z twojego połączenia wysłano dziś bardzo dużo danych. Trwające przesyłania nie zostaną przerwane, a to, co już jest opublikowane, zostaje.
budget-guesses = Z twojego połączenia przyszło kilka błędnych haseł.
budget-guesses-of-post = Do tego wpisu próbowano wielu błędnych haseł, więc na razie nie przyjmuje on kolejnych.
budget-manage-guesses = Z twojego połączenia otwierano linki do zarządzania, które nie istnieją.
budget-sign-ins = Z twojego połączenia kilka razy nie udało się zalogować.
again-minutes = { $minutes ->
    [one] Spróbuj ponownie za minutę.
    [few] Spróbuj ponownie za { $minutes } minuty.
    [many] Spróbuj ponownie za { $minutes } minut.
   *[other] Spróbuj ponownie za { $minutes } minuty.
}
again-hours = { $hours ->
    [one] Spróbuj ponownie za godzinę.
    [few] Spróbuj ponownie za { $hours } godziny.
    [many] Spróbuj ponownie za { $hours } godzin.
   *[other] Spróbuj ponownie za { $hours } godziny.
}

problem-empty = jest pusty. Sprawdź, czy plik otwiera się na twoim urządzeniu, i wybierz go ponownie.
problem-not-media = nie jest zdjęciem ani filmem. Wybierz zdjęcie albo film.
problem-unsupported = ma format, którego nie da się tu pokazać. Zapisz plik jako JPEG, PNG lub MP4 i spróbuj ponownie.
problem-corrupt = jest uszkodzony lub niepełny. Sprawdź, czy plik otwiera się na twoim urządzeniu, albo wybierz oryginał.
problem-too-large = ma więcej niż { $size }. Zmniejsz go lub skróć.
problem-too-many-pixels-exact = ma więcej niż { $pixels } pikseli. Zmniejsz go i spróbuj ponownie.
problem-too-many-pixels = { $megapixels ->
    [one] ma więcej niż jeden megapiksel. Zmniejsz go i spróbuj ponownie.
    [few] ma więcej niż { $megapixels } megapiksele. Zmniejsz go i spróbuj ponownie.
    [many] ma więcej niż { $megapixels } megapikseli. Zmniejsz go i spróbuj ponownie.
   *[other] ma więcej niż { $megapixels } megapiksela. Zmniejsz go i spróbuj ponownie.
}
problem-too-many-frames = { $frames ->
    [one] ma więcej niż jedną klatkę. Skróć go albo opublikuj jako film.
    [few] ma więcej niż { $frames } klatki. Skróć go albo opublikuj jako film.
    [many] ma więcej niż { $frames } klatek. Skróć go albo opublikuj jako film.
   *[other] ma więcej niż { $frames } klatki. Skróć go albo opublikuj jako film.
}
problem-too-long-exact = trwa dłużej niż { $time } (minuty i sekundy). Podziel go na części.
problem-too-long = { $minutes ->
    [one] trwa dłużej niż jedną minutę. Podziel go na części.
    [few] trwa dłużej niż { $minutes } minuty. Podziel go na części.
    [many] trwa dłużej niż { $minutes } minut. Podziel go na części.
   *[other] trwa dłużej niż { $minutes } minuty. Podziel go na części.
}
problem-not-photo = jest filmem, a w miejscu filmu może stać tylko zdjęcie. Wybierz zdjęcie.
problem-no-frames = nie zawiera obrazu. Wybierz film, na którym coś widać.
problem-too-many-files = { $files ->
    [one] już się nie mieści: wpis może mieć jeden plik. Dodaj go w osobnym wpisie.
    [few] już się nie mieści: wpis może mieć { $files } pliki. Dodaj go w osobnym wpisie.
    [many] już się nie mieści: wpis może mieć { $files } plików. Dodaj go w osobnym wpisie.
   *[other] już się nie mieści: wpis może mieć { $files } pliku. Dodaj go w osobnym wpisie.
}
problem-no-space = nie zmieścił się: dysk serwisu jest prawie pełny. Spróbuj później.
problem-no-videos = to film, a teraz nie przyjmujemy filmów. Spróbuj później.
problem-interrupted = nie dotarł w całości. Sprawdź połączenie i wybierz go ponownie.
problem-name = ma nazwę, której nie da się odczytać. Zmień ją na prostszą i wybierz plik ponownie.
problem-too-demanding = wymagałby zbyt wiele pracy. Spróbuj z mniejszą lub krótszą wersją.
problem-failed = nie dał się przygotować i być może to nasza wina. Spróbuj później.

draft-text-too-long = Tekst ma więcej niż { $size }. Skróć go albo podziel na kilka wpisów.
draft-line-too-long = { $characters ->
    [one] Pole „{ $field }” ma więcej niż jeden znak. Skróć je.
    [few] Pole „{ $field }” ma więcej niż { $characters } znaki. Skróć je.
    [many] Pole „{ $field }” ma więcej niż { $characters } znaków. Skróć je.
   *[other] Pole „{ $field }” ma więcej niż { $characters } znaku. Skróć je.
}
draft-language = Nie znamy tego języka. Wybierz go z listy albo pozwól go wykryć.
draft-flag = Pole „{ $field }” można tylko włączyć lub wyłączyć (1 lub 0).
draft-expires = Nie wiadomo, kiedy wpis ma zniknąć. Wybierz „Nigdy” albo czas od godziny do roku.
draft-nothing = Nie ma jeszcze czego publikować. Wybierz plik albo napisz kilka słów.
draft-unknown-field = Formularz zawiera pole, którego ten serwis nie zna: { $field }. Jeśli to strona, wczytaj ją ponownie i spróbuj jeszcze raz.

about-heading = Miejsce na twoją ulotkę
about-lead = Opublikuj zdjęcie, film lub tekst bez zakładania konta i podziel się linkiem.
about-kept-heading = Co przechowujemy
about-kept = Tekst i pliki, które publikujesz, oraz czas publikacji. Żadnego nazwiska, adresu e-mail ani konta. Z linku do zarządzania zostaje tylko odcisk, z którego nie da się go odczytać.
about-removed-heading = Co usuwamy
about-removed = Miejsce, czas, aparat, autora i wszystko inne, co zdjęcia i filmy niosą w ukryciu, usuwamy, zanim ktokolwiek je zobaczy.
about-delete-heading = Jak usunąć wpis
about-delete = Otwórz link do zarządzania i wybierz usunięcie wpisu. Zniknie od razu, ze wszystkimi plikami. Zgubionego linku nie da się odzyskać i nikt inny nie może ci go dać.
about-contact-heading = Kto prowadzi ten serwis
about-limits-heading = Co się zmieści
about-curl = Programy też mogą publikować: wyślij plik przez curl, a w odpowiedzi dostaniesz link.

size-bytes = { $bytes ->
    [one] { $bytes } bajt
    [few] { $bytes } bajty
    [many] { $bytes } bajtów
   *[other] { $bytes } bajtu
}
size-kilobytes = { $number } kB
size-megabytes = { $number } MB
size-gigabytes = { $number } GB
time-utc = { $time } UTC

locked-heading = Ten wpis jest zamknięty
locked-password-words = Otwiera go hasło. Zapytaj osobę, która przysłała ci link.
locked-press-words = Można go otworzyć tylko określoną liczbę razy. Otwarcie teraz zużyje jedno z nich.
locked-open = Otwórz
field-password = Hasło
field-views = Ile razy można otworzyć
hint-password = Czytelnik musi je wpisać. Bez niego nikt nie zobaczy niczego z wpisu.
hint-views = Po tylu otwarciach wpis zniknie. Puste: bez ograniczeń.
error-locked = Ten wpis jest zamknięty. Otwórz jego stronę, aby go przeczytać.
error-read-only = Nie przyjmujemy niczego nowego { $until }. Twoje słowa zostają tutaj: wróć z nimi później.
error-read-only-programs = Nie przyjmujemy niczego nowego { $until }. Spróbuj wtedy ponownie.
error-wrong-password = To nie jest to hasło. Sprawdź wielkość liter i język klawiatury, a potem spróbuj ponownie.
draft-password = Hasło jest za długie. Może mieć najwyżej dwieście znaków.
draft-views = Liczba otwarć to liczba całkowita od 1 do miliona. Zostaw puste pole, jeśli nie ma być ograniczeń.
draft-changed = Wpis został w tym czasie zmieniony, może przez ciebie w innym oknie. Twoja wersja jest poniżej i nie jest jeszcze zapisana. Zapisz ponownie, aby zastąpiła tamtą.
draft-upload = Przesłany plik już nie istnieje albo należy do innego wpisu. Wybierz plik ponownie.
draft-still = Kadr tytułowy może mieć tylko film i musi to być zdjęcie.
draft-idempotency-key = Idempotency-Key musi mieć od 22 do 200 drukowalnych znaków ASCII.
draft-repeated = Z tym Idempotency-Key wysłano już inne żądanie. Użyj nowego klucza dla nowego wpisu.
draft-manage-secret = Sekret zarządzania musi mieć od 22 do 86 znaków base64url. Pomiń go, aby dostać nowy.

tus-version = To przesyłanie używa nieznanej tu wersji protokołu tus. Użyj 1.0.0.
tus-no-such-extension = Długość pliku trzeba podać na początku, a przesyłanych plików nie można łączyć.
tus-no-length = Brakuje Upload-Length.
tus-no-offset = Brakuje Upload-Offset.
tus-number = Długość albo pozycja nie jest liczbą całkowitą.
tus-metadata = Nie da się odczytać Upload-Metadata: pary klucza i wartości Base64 rozdzielone przecinkami.
tus-content-type = Dane pliku wysyła się jako application/offset+octet-stream.
tus-algorithm = Nie da się odczytać Upload-Checksum: sha1, sha256 albo md5, spacja i suma w Base64.
tus-offset = Przesłana część nie kończy się w tym miejscu. Zapytaj, gdzie się kończy (HEAD), i kontynuuj.
tus-overtaken = Inne żądanie kontynuuje to przesyłanie. Zapytaj, gdzie się kończy (HEAD), i kontynuuj.
tus-too-many = To więcej niż podana długość pliku.
tus-checksum = Dane nie dotarły tak, jak zostały wysłane. Wyślij je ponownie.
tus-interrupted = Dane przestały napływać. To, co dotarło, jest zachowane: zapytaj, gdzie się kończy (HEAD), i kontynuuj.
tus-stopping = Serwis zaraz się zatrzyma. To, co dotarło, jest zachowane: zapytaj za chwilę, gdzie się kończy (HEAD), i kontynuuj.

manage-stands = Co jest tam teraz
manage-add = Dodaj zdjęcia i filmy
field-cover = Zakryte, dopóki czytelnik nie poprosi o pokazanie
field-place = Miejsce
medium-in-words = Aby wstawić między akapity, wpisz w osobnym wierszu:
field-still = Własny kadr tytułowy
hint-still = Zdjęcie widoczne w miejscu filmu przed odtworzeniem i w podglądach odnośnika.
field-own-frame = Użyj znowu klatki z filmu
still-processing = Twój kadr tytułowy jest przygotowywany.
expires-as-is = Bez zmian
field-new-password = Nowe hasło
hint-new-password = Zostaw puste, aby zachować hasło. Nowe wyprosi wszystkich, którzy weszli przez stare.
field-unlock = Usuń hasło
field-views-left = Ile razy można jeszcze otworzyć
draft-too-many-files = { $files ->
    [one] Wpis mieści jeden plik. Pozostałe umieść w innym wpisie.
    [few] Wpis mieści { $files } pliki. Pozostałe umieść w innym wpisie.
    [many] Wpis mieści { $files } plików. Pozostałe umieść w innym wpisie.
   *[other] Wpis mieści { $files } pliku. Pozostałe umieść w innym wpisie.
}

medium-not-shown = Jednego z plików tego wpisu nie udało się pokazać.
draft-twice = Pole „{ $field }” wysłano więcej niż raz. Wyślij je raz.
message-no-such-method = Tego nie da się tu zrobić
message-no-such-method-words = Ten adres nie przyjmuje takich żądań. Dokumentacja mówi, jakie przyjmuje.
post-processing-look = { $media ->
    [one] Jeden plik jest jeszcze przygotowywany.
    [few] { $media } pliki są jeszcze przygotowywane.
    [many] { $media } plików jest jeszcze przygotowywanych.
   *[other] { $media } pliku jest jeszcze przygotowywane.
}
manage-last-medium = To wszystko, co jest w tym wpisie. Aby to usunąć, usuń wpis poniżej.
about-sharex = Konfiguracja dla ShareX
about-api = Opis API
state-open = Zobaczy go każdy, kto ma link.
state-listed = Zobaczy go każdy; może się też pojawić na publicznych listach.
state-password = Zobaczy go tylko ten, kto zna hasło.
state-views = { $views ->
    [one] Można go otworzyć jeszcze raz, potem zniknie.
    [few] Można go otworzyć jeszcze { $views } razy, potem zniknie.
    [many] Można go otworzyć jeszcze { $views } razy, potem zniknie.
   *[other] Można go otworzyć jeszcze { $views } razy, potem zniknie.
}
state-sensitive = Jest zasłonięty, dopóki czytelnik nie poprosi o pokazanie.
state-plain-links = Ze względu na drogę, którą przyszedł, linki w nim są zwykłymi słowami do { $time }.
state-expires = Zniknie
manage-media = Zdjęcia i filmy

# The console.
console-title = Konsola
console-nav = Konsola
console-home = Ty
console-people = Ludzie
console-audit = Dziennik działań
console-sign-in = Zaloguj się
console-sign-out = Wyloguj się
field-name = Imię
field-role = Rola
field-code = Kod
role-operator = Operator
role-moderator = Moderator
role-party = Zarejestrowany podmiot
hint-code = Sześć cyfr z twojej aplikacji. Każdy kod działa jeden raz.
sign-in-failed = Nie udało się. Imię, hasło i kod muszą się zgadzać razem; jeśli ten kod był już użyty, poczekaj na następny.
passkey-sign-in = Zaloguj się kluczem dostępu
passkey-failed = Ten klucz dostępu tu nie zadziałał. Spróbuj jeszcze raz albo użyj formularza poniżej.
passkey-or-password = albo hasłem i kodem
home-lost = Nowy telefon albo zgubiony? Operator da ci nowy link.
home-everywhere = Wyloguj się wszędzie
home-everywhere-hint = Kończy wszystkie twoje sesje, na tym urządzeniu i na każdym innym.
enrol-heading = Twoje miejsce w konsoli
enrol-until = Link ważny do
enrol-passkey = Kluczem dostępu
enrol-passkey-words = Przechowuje go telefon, komputer albo klucz sprzętowy. Niczego nie trzeba pamiętać, a działa tylko na tej stronie.
enrol-passkey-make = Utwórz klucz dostępu
enrol-app = Kod z aplikacji
enrol-app-words = Zeskanuj to aplikacją, która tworzy kody, na przykład Aegis, Ente Auth albo menedżerem haseł.
enrol-qr = Kod QR dla twojej aplikacji
enrol-key = Albo wpisz ten klucz
enrol-open-app = Otwórz w aplikacji na tym urządzeniu
enrol-password = Hasło
enrol-password-hint = Wymagana liczba znaków: { $characters } lub więcej. Kilka słów łatwiej zapamiętać niż znaki.
enrol-first-code = Kod, który aplikacja pokazuje teraz
enrol-submit = Zakończ
enrol-error-password = Hasło jest za krótkie. Wymagana liczba znaków: { $characters } lub więcej.
enrol-error-code = Ten kod się nie zgadza. Weź ten, który aplikacja pokazuje w tej chwili; czy zegar telefonu ustawia się sam?
people-add = Dodaj kogoś
people-add-submit = Dodaj
people-roles = Operator może wszystko. Moderator widzi to, co czeka, i o tym decyduje.
people-link = Link dla osoby
people-link-hint = Jest pokazywany tylko teraz. Przekaż go wyłącznie tej osobie: kto go otworzy, ten tu decyduje. Działa jeden raz, do { $time }.
people-error-name = Imię ma od 1 do 64 znaków, a każdy z nich widać.
people-error-taken = Ktoś o tym imieniu już tu jest.
people-error-oneself = Nikt nie blokuje samego siebie. Może to zrobić inny operator.
people-error-suspended = Ta osoba jest zablokowana. Najpierw ją odblokuj.
people-error-changed = Nie dało się tego zrobić: ktoś inny właśnie coś zmienił. Tak to wygląda teraz.
person-you = ty
person-passkey = Loguje się kluczem dostępu
person-password = Loguje się hasłem i kodem
person-waiting = Link jeszcze nie został użyty; jest ważny do { $time }
person-link-ended = Link wygasł, zanim ktoś go użył
person-suspended = Blokada od { $time }
person-link = Nowy link
person-suspend = Zablokuj
person-resume = Odblokuj
audit-when = Kiedy
audit-who = Kto
audit-what = Co
audit-whom = Komu lub czemu
audit-command-line = Wiersz poleceń
audit-newest = Najnowsze
audit-older = Starsze
act-person-added = Dodanie osoby
act-link-made = Nowy link
act-enrolled = Rejestracja
act-signed-in = Zalogowanie
act-sign-in-failed = Nieudane logowanie
act-signed-out = Wylogowanie
act-signed-out-everywhere = Wylogowanie wszędzie
act-suspended = Zablokowanie
act-resumed = Odblokowanie
telling-operators = Ta strona jest dla operatorów
telling-operators-words = Jesteś tu w roli moderatora. O to, czego tu potrzebujesz, poproś operatora.
telling-link = Ten link już nie działa
telling-link-words = Został użyty, wygasł albo jest niepełny. Kto ci go dał, może zrobić nowy.
telling-nothing = Tu niczego nie ma
telling-nothing-words = Pod tym odnośnikiem nie ma sprawy, wniosku ani osoby, albo już ich nie ma.
telling-elsewhere = Nic nie zostało zrobione
telling-elsewhere-words = To, co przyszło, nie pochodzi ze strony tej konsoli. Otwórz konsolę i zrób to tam.
unsent-heading = Twoja sesja się skończyła
unsent-words = Nic jeszcze nie zostało zrobione, a to, co napisano, wciąż tu jest. Zaloguj się w innej karcie, wróć do tej i wyślij.
unsent-send = Wyślij teraz
telling-deciders = To nie ta strona
telling-deciders-words = Tutaj decydują osoby prowadzące serwis. Zgłaszasz w imieniu zarejestrowanego podmiotu, który ma własne strony.
telling-back = Do konsoli
nav-policy = Zasady
report-this = Zgłoś to
report-heading = Zgłoszenie
report-lead = Napisz, co jest nie tak, a osoba prowadząca tę stronę obejrzy to i zdecyduje. Nie potrzebujesz konta i nie musisz mówić, kim jesteś.
report-about = Czego dotyczy zgłoszenie?
report-about-post = Cały wpis
report-about-medium = Zdjęcie lub film nr { $number }
report-category = Co jest nie tak?
report-life = Jeśli ktoś jest teraz w niebezpieczeństwie, najpierw zadzwoń pod numer alarmowy.
report-explanation = Dlaczego?
report-explanation-hint = Co widać lub co można przeczytać i dlaczego nie powinno to tu być. Jeśli znasz prawo, które tego zabrania, wskaż je.
report-who = Kim jesteś, jeśli chcesz to podać
report-who-hint = Zgłoszenie bez nazwiska też zostanie obejrzane; z nazwiskiem waży więcej. Przy zdjęciach krzywdzonych dzieci nie pytamy o nazwisko. Autor wpisu go nie zobaczy.
report-name = Imię i nazwisko
report-email = Adres e-mail
report-good-faith = O ile wiem, wszystko to jest prawdą.
report-send = Wyślij zgłoszenie
report-promise = Otrzymasz link, pod którym przeczytasz decyzję.
category-life-in-danger = Czyjeś życie jest w niebezpieczeństwie
category-child-abuse = Dziecko jest krzywdzone lub pokazane seksualnie
category-terrorism = Nawołuje do terroryzmu lub go pochwala
category-intimate-images = Intymne zdjęcia kogoś, kto się nie zgodził
category-violence = Grozi komuś lub nawołuje do przemocy
category-hate = Szerzy nienawiść do ludzi za to, kim są
category-privacy = Ujawnia sprawy prywatne, na przykład czyjś adres
category-fraud = Próbuje wyłudzić pieniądze lub hasła
category-copyright = To moje dzieło albo czyjeś inne
category-other-illegal = Narusza prawo w inny sposób
category-policy = Narusza zasady tej strony
notice-kind = Nie ma zgłoszenia tego rodzaju.
notice-unregistered = Ten rodzaj wysyła i podpisuje tylko zarejestrowany podmiot. Wyślij go jako „notice”.
notice-category = Wybierz, co jest nie tak.
notice-explanation = Napisz dlaczego.
notice-too-long = Wyjaśnienie ma ponad 10 000 bajtów. Skróć je.
notice-name = Nazwisko ma ponad 200 liter. Skróć je.
notice-email = To nie jest adres e-mail. Popraw go albo zostaw puste pole.
notice-good-faith = Potwierdź, że o ile wiesz, jest to prawda.
notice-reason = Powody to litery od a do e z załącznika I albo ich nazwy.
notice-time = To nie jest chwila. Zapisz ją tak: 2026-11-26T12:00:00Z.
notice-secret = Tylko nakaz może zabronić powiadomienia autora.
notice-nothing = Żaden z tych linków nie prowadzi do niczego, co tu jest.
budget-notices = To bardzo wiele zgłoszeń.
budget-appeals = To bardzo wiele odwołań.
receipt-heading = Twoje zgłoszenie
receipt-filed = Dziękujemy. Zgłoszenie dotarło.
receipt-lead = Ktoś je obejrzy i zdecyduje. Wróć na tę stronę, aby przeczytać decyzję.
receipt-came = Otrzymano
receipt-open = Nikt jeszcze nie zdecydował.
receipt-gone = Tego już nie ma: autor to usunął albo minął termin.
receipt-left = Obejrzano to i pozostaje bez zmian.
receipt-covered = Zasłonięto to: odwiedzający są pytani, zanim to zobaczą.
receipt-removed = Usunięto to.
receipt-restored = Podjęto działanie. Autor się odwołał i miał rację: już go ono nie dotyczy.
receipt-redress = Jeśli uważasz, że to błąd, napisz do osoby prowadzącej stronę i podaj tę stronę. Możesz też zwrócić się do sądu.
receipt-machines = Zdecydował człowiek. Oprogramowanie tylko szukało podobnych treści.
receipt-link = Link do tej strony
report-email-mailed = Napiszemy na niego, że zgłoszenie dotarło, podając link, i jeszcze raz, gdy zapadnie decyzja. Nikt inny go nie widzi, a usuwamy go najpóźniej sześć miesięcy po decyzji.
report-email-kept = Ta strona sama nie wysyła poczty: adres jest dla osoby, która decyduje, na wypadek pytań. Nikt inny go nie widzi, a usuwamy go najpóźniej sześć miesięcy po decyzji.
receipt-keep = Zachowaj go dla siebie: kto go ma, czyta to, co ty.
receipt-mailed = Wyślemy go też na podany adres, o ile poczta tam dochodzi, tak samo jak późniejszą decyzję.
receipt-not-mailed = Nie wyślemy go i nie da się go odnaleźć.
receipt-no-mail = Nie piszcie do mnie
receipt-stopped = Twój adres został zapomniany. Nikt już na niego nie napisze.
case-mail-refused = Poczta do osoby zgłaszającej została odrzucona, a adres zapomniany.
case-mail-given-up = Przez cztery dni nie udało się wysłać poczty do osoby zgłaszającej.
letter-receipt-subject = Twoje zgłoszenie dotarło
letter-receipt = Ktoś zgłosił coś na { $site } dnia { $date } i podał ten adres. Wskazany powód:
letter-receipt-next = Człowiek to obejrzy i zdecyduje. Decyzja pojawi się pod tym linkiem:
letter-receipt-keep = Zachowaj link dla siebie: kto go ma, czyta to, co ty. Dostaniesz jeszcze jedną wiadomość, gdy zapadnie decyzja.
letter-not-you = Jeśli to nie ty: otwórz link i wybierz „Nie piszcie do mnie”. Ten adres zostanie wtedy zapomniany.
letter-question-subject = Pytanie o twoje zgłoszenie
letter-question = Zanim zapadnie decyzja, ktoś chce cię o coś zapytać. Pytanie przeczytasz pod linkiem z wiadomości, która potwierdziła twoje zgłoszenie; tam też odpowiesz. Nikt nie dowie się przez to, kim jesteś.
letter-decision-subject = Zapadła decyzja w sprawie twojego zgłoszenia
letter-decision = Dnia { $date } zgłosiłeś lub zgłosiłaś coś na { $site }. Wskazany powód:
letter-more = i jeszcze: { $more }
letter-redress = Jeśli uważasz, że to błąd, napisz do osoby prowadzącej stronę ({ $contact }) i podaj decyzję { $number }. Możesz też zwrócić się do sądu.
letter-reply-subject = Odpowiedź na żądanie { $reference }
letter-reply = Oto odpowiedź serwisu { $site } na żądanie { $reference }.
letter-reply-whole = Cała odpowiedź jest na stronie, po zalogowaniu oraz pod linkiem z potwierdzenia.
removed-heading = To zostało usunięte
withheld-heading = W Twoim kraju tego nie pokazujemy
removed-why = Kto o tym zdecydował i dlaczego
removed-complain = Jeśli to twoje, link do zarządzania pokazuje powody i przyjmuje odwołanie. Inni mogą napisać do osoby prowadzącej stronę lub zwrócić się do sądu.
removed-yours = Twój wpis został usunięty
removed-yours-lead = Nikt go już nie widzi. Nie został zniszczony: jeśli masz rację, wróci taki, jaki był.
error-removed = Usunięto:
error-withheld = W Twoim kraju tego nie pokazujemy:
medium-removed = To zostało usunięte.
concerned-heading = Decyzja dotycząca twojego wpisu
concerned-undone = Ta decyzja nie dotyczy już Twojego wpisu.
concerned-back = To, co usunięto, wróciło albo właśnie wraca.
concerned-media = { $media ->
    [one] Dotyczy jednego zdjęcia lub filmu z Twojego wpisu. Reszta zostaje bez zmian.
    [few] Dotyczy { $media } zdjęć lub filmów z Twojego wpisu. Reszta zostaje bez zmian.
    [many] Dotyczy { $media } zdjęć lub filmów z Twojego wpisu. Reszta zostaje bez zmian.
   *[other] Dotyczy { $media } zdjęcia lub filmu z Twojego wpisu. Reszta zostaje bez zmian.
}
statement-what = Co zrobiono
statement-removed = Usunięto: nikt już tego nie widzi
statement-covered = Zasłonięto: odwiedzający są pytani, zanim to zobaczą
statement-withheld = Zablokowane w niektórych krajach
statement-where = Gdzie i na jak długo
statement-everywhere = We wszystkich krajach, bezterminowo. Kończy się, jeśli decyzja zostanie cofnięta.
statement-ground = Na jakiej podstawie
statement-policy = Zasady tej strony:
statement-law = Prawo:
statement-facts = Co się stało
statement-origin = Skąd o tym wiemy
statement-by-notice = Ktoś to zgłosił.
statement-facts-alike = Co zaszło z tym, do czego jest podobne
statement-by-alike = Program stwierdził podobieństwo do czegoś, co zgłoszono, a człowiek objął to decyzją.
statement-by-match = Program stwierdził podobieństwo do czegoś, co usunięto wcześniej.
statement-machines = Co zrobiło oprogramowanie
statement-machines-words = Szukało podobnych treści i o niczym nie decydowało.
statement-by-person = Zdecydował człowiek.
statement-when = Kiedy
statement-number = Numer decyzji
statement-redress = Co możesz zrobić
statement-redress-words = Możesz się tu odwołać, bezpłatnie: człowiek obejrzy to jeszcze raz i odpowie w ciągu dwóch tygodni. Możesz też zwrócić się do organu pozasądowego rozstrzygania sporów, jeśli w twoim kraju jest certyfikowany i przyjmie sprawę (akt o usługach cyfrowych, art. 21), a w każdej chwili do sądu.
appeal-heading = Twoje odwołanie
appeal-words = Dlaczego to błąd?
appeal-hint = Nic to nie kosztuje, a człowiek odpowie w ciągu dwóch tygodni. Możesz się odwołać do
appeal-send = Odwołaj się
appeal-open = Nikt jeszcze nie odpowiedział. Odpowiedź przeczytasz tu przed
appeal-upheld = Rozpatrzono to ponownie i decyzja zostaje w mocy. Możesz zwrócić się do sądu.
appeal-overturned = Racja jest po Twojej stronie.
appeal-taken = Twoje odwołanie dotarło.
appeal-before = Już się odwołano. Odpowiedź pojawi się tutaj.
appeal-too-late = Od tej decyzji nie można się już odwołać.
appeal-no-words = Napisz dlaczego, najwyżej 10 000 bajtów.
policy-description = Czego nie wolno tu publikować i jak zapadają decyzje.
policy-version = Wersja { $version }
policy-in-force = Obowiązuje od
policy-was-until = To wcześniejsza wersja. Obowiązywała do
policy-now = Przeczytaj to, co obowiązuje teraz
policy-not-translated = Tych zasad nie napisano w twoim języku. Czytasz je w języku:
policy-languages = W innych językach:
policy-contact = Jak skontaktować się z prowadzącym tę stronę
policy-versions = Wszystkie wersje
policy-versions-words = Decyzja wskazuje wersję, która obowiązywała, gdy zapadła. Żadnej wersji się nie zmienia.
contact-description = Jak użytkownicy, władze i nakazy docierają do prowadzącego tę stronę.
contact-who = Kto prowadzi tę stronę
contact-country = Siedziba w kraju:
contact-none = Nie podano żadnej drogi kontaktu.
contact-users = Dla wszystkich
contact-users-words = Z pytaniami, skargami i wszystkim innym pisz do człowieka (akt o usługach cyfrowych, art. 12):
contact-authorities = Dla władz
contact-authorities-words = Organy państw członkowskich UE, Komisja i Rada ds. Usług Cyfrowych kontaktują się z nami bezpośrednio tutaj (akt o usługach cyfrowych, art. 11):
contact-languages = Języki:
contact-orders = Nakazy usunięcia treści o charakterze terrorystycznym
contact-orders-words = Punkt kontaktowy na podstawie art. 15 rozporządzenia (UE) 2021/784, o każdej porze:
contact-orders-registered = Organ, który jest tu zarejestrowany, składa nakazy na tej stronie albo podpisanym żądaniem: to najszybsza droga, a termin i potwierdzenie są te same.
contact-representative = Przedstawiciel prawny w UE
contact-report = Zgłoś coś
contact-report-words = Pod każdym wpisem i każdym zdjęciem jest link „Zgłoś to”. Nie wymaga konta ani nazwiska i daje ci link, pod którym przeczytasz decyzję.
contact-programs = Programy wysyłają to samo na POST /api/v1/notices.
contact-register = Zarejestruj się jako organ lub zaufany podmiot sygnalizujący
contact-register-words = Napisz na adres dla władz, jakim jesteś urzędem, dla którego kraju i w jakich językach pracujesz. To, kim jesteś, sprawdzamy inną drogą niż twoja wiadomość, na przykład dzwoniąc pod numer ogłoszony gdzie indziej. Potem logujesz się tutaj albo podpisujesz swoje żądania (RFC 9421, Ed25519).
contact-register-proof = Sama wiadomość nie dowodzi niczyjej tożsamości: do tego czasu to, co wysyłasz, traktujemy jak zgłoszenie każdego innego.
contact-missing = Czego tu nie podano
contact-missing-reach = Sposobu, w jaki można dotrzeć do prowadzącego tę stronę.
contact-missing-name = Kto ją prowadzi.
contact-missing-address = Adresu do listów.
contact-missing-languages = Języków, w których mogą pisać władze.
contact-missing-country = Kraju, w którym prowadzący ma siedzibę.
contact-missing-representative = Przedstawiciela prawnego w UE, choć siedziba jest poza nią.

console-queue = Kolejka
console-case = Sprawa
console-decisions = Decyzje
console-appeals = Odwołania
console-banks = Banki
queue-open = { $cases ->
    [0] Nic na ciebie nie czeka.
    [one] Jedna sprawa czeka na decyzję.
    [few] { $cases } sprawy czekają na decyzję.
    [many] { $cases } spraw czeka na decyzję.
   *[other] { $cases } sprawy czeka na decyzję.
}
queue-waiting = { $waiting ->
    [one] Jeden wpis czeka na obejrzenie.
    [few] { $waiting } wpisy tylko czekają na obejrzenie.
    [many] { $waiting } wpisów tylko czeka na obejrzenie.
   *[other] { $waiting } wpisu tylko czeka na obejrzenie.
}
queue-appeals = { $appeals ->
    [one] Jedno odwołanie czeka na odpowiedź.
    [few] { $appeals } odwołania czekają na odpowiedź.
    [many] { $appeals } odwołań czeka na odpowiedź.
   *[other] { $appeals } odwołania czeka na odpowiedź.
}
queue-empty = Kolejka jest pusta.
case-due = Termin
case-opened = Otwarto
case-of-medium = zdjęcie lub film
case-of-post = wpis
case-by-lever = Czeka na obejrzenie
case-edited-since = Autor zmienił ten wpis po wczytaniu strony. Zobacz, co jest w nim teraz, i zdecyduj ponownie: to, co wpisano, nadal tu jest.
case-notices-most = Tu jest pierwszych pięćdziesiąt. Pozostałe przyszły później.
case-notices-rest = { $notices ->
    [one] Jeszcze jedno zgłoszenie
    [few] Jeszcze { $notices } zgłoszenia
    [many] Jeszcze { $notices } zgłoszeń
   *[other] Jeszcze { $notices } zgłoszenia
}
case-take-all = Zaznacz wszystko albo nic
case-by-match = Znalezione przez bank
queue-held = { $held ->
    [one] Jedna rzecz wstrzymana z tego samego powodu
    [few] { $held } rzeczy wstrzymane z tego samego powodu
    [many] { $held } rzeczy wstrzymanych z tego samego powodu
   *[other] { $held } rzeczy wstrzymanej z tego samego powodu
}
bank-precision = bank miał rację { $right } z { $judged } razy
bank-unjudged = nikt jeszcze nie ocenił banku
rank-total = Ranga
rank-clock = czas
rank-source = źródło
rank-severity = waga
rank-sureness = pewność
rank-reach = zasięg
case-closed = Ta sprawa jest zamknięta.
case-held = Nikt tego nie widzi do czasu decyzji.
case-because = Czeka na obejrzenie z powodu przełącznika:
case-notices = { $notices ->
    [0] Nikt tego nie zgłosił
    [one] Jedno zgłoszenie
    [few] { $notices } zgłoszenia
    [many] { $notices } zgłoszeń
   *[other] { $notices } zgłoszenia
}
case-says-now = Co mówi teraz
case-says-nothing = Nie ma już żadnych słów.
case-edited = Wpis zmieniono po zgłoszeniu. Poniżej stoi to, co mówił wtedy.
case-anonymous = bez nazwiska
case-match = Podobne do tego, co zna bank
case-times-opened = otwarć: { $times }
case-sure = pewność { $percent }%
case-subject = Czego dotyczy
case-never-shown = Jego zdjęć nigdy tu nie pokazujemy. Zdecyduj na podstawie zgłoszenia i tego, co wiadomo.
case-media = { $media ->
    [one] Obejrzyj zdjęcie
    [few] Obejrzyj { $media } zdjęcia
    [many] Obejrzyj { $media } zdjęć
   *[other] Obejrzyj { $media } zdjęcia
}
case-media-hint = Są małe, szare i rozmyte. Przytrzymaj klawisz, wskaźnik lub palec, a obraz będzie się stopniowo wyostrzał; puść, a znów się rozmyje.
case-alike = { $members ->
    [0] Nic innego nie jest podobne
    [one] Jeszcze jedno jest podobne
    [few] Jeszcze { $members } są podobne
    [many] Jeszcze { $members } jest podobnych
   *[other] Jeszcze { $members } jest podobne
}
case-alone = Decyzja dotyczy tylko tego.
case-take = Zachowaj ten wybór
case-step = Przechodzisz przez
case-tick = Zaznaczasz i odznaczasz przez
case-decide = Decyzja
case-hold = Ukryj do czasu decyzji
case-let-go = Pokaż wszystkim
case-release = Pokaż znów do czasu decyzji
case-action = Co zrobić?
action-remove = Usunąć
action-cover = Zasłonić
action-withhold = Zablokować w niektórych krajach
action-no-action = Zostawić bez zmian
case-with-alike = Zasłonięcie, wstrzymanie lub pozostawienie obejmuje też wszystko podobne, co wybrano
case-with-media = Wstrzymaj też jego zdjęcia i filmy, gdziekolwiek indziej są lub się pojawią
case-clause = Na podstawie
case-by-law = Prawo (wskaż je poniżej)
case-law = Jakie prawo, jeśli to prawo
case-facts = Co się stało, dla autora
case-facts-hint = Autor przeczyta te słowa. Nie powtarzaj tego, co złe, i nie mów, kto zgłosił.
case-do = Zdecyduj
case-too-late = Ktoś inny już zdecydował albo tego już nie ma.
decision-action = Powiedz, co zrobić.
decision-ground = Powiedz, na jakiej podstawie: punkt zasad albo jakie prawo.
decision-facts = Powiedz, co się stało, słowami dla autora.
decision-too-long = Twoje słowa mają ponad 10 000 bajtów. Skróć je.
decision-countries = Podaj kraje, po dwie litery: PL, DE albo EU dla całej Unii.
decision-ordered = Wiążący nakaz wymaga usunięcia tej treści. Usuń ją albo na stronie nakazu, w żądaniach, napisz, dlaczego nie można go wykonać, i wtedy zdecyduj.
decision-no-countries = Serwis nie wie, z jakiego kraju pochodzi zapytanie. Dodaj bazę krajów ([geography] w konfiguracji) albo zdecyduj inaczej.
case-countries = Kraje (tylko przy blokowaniu), np. PL, DE albo EU
case-bank = Bank, który to zapamięta
decision-no-bank = Wybrany bank został w tym czasie usunięty albo tylko liczy. Wybierz inny.
decision-no-clause = Zasady w tym czasie zmieniono i nie mają już takiego punktu. Wybierz inny.
reach-in-posts = { $count ->
    [one] { $count } wpis
    [few] { $count } wpisy
    [many] { $count } wpisów
   *[other] { $count } wpisu
}
reach-media = { $count ->
    [one] { $count } zdjęcie lub film
    [few] { $count } zdjęcia lub filmy
    [many] { $count } zdjęć lub filmów
   *[other] { $count } zdjęcia lub filmu
}
reading-exact = ten sam plik
reading-pdq = to samo zdjęcie (PDQ)
reading-keypoints = fragmenty zdjęcia
reading-frames = klatki filmu
reading-text = słowa
reading-links = te same odnośniki
reading-url = ten sam odnośnik
reading-domain = ta sama domena
reading-tlsh = podobne słowa (TLSH)
reading-mirrored = odbite
reading-turned = obrócone
reading-trimmed = bez ramki
reading-uncaptioned = bez paska z napisem
reach-left = pominięte: { $count }
reach-held = wstrzymane: { $count }
reach-unsure = mniej pewne niż zwykle: { $count }; najpierw obejrzyj
reach-given-back = zwrócone po odwołaniu: { $count }
told-decided = Zdecydowano.
told-undone = Decyzję cofnięto. To, co usunięto, wróciło albo właśnie wraca.
told-undone-else = Decyzję cofnięto: jest tak jak przedtem.
told-held = Nikt tego teraz nie widzi.
told-released = Znów można to zobaczyć.
told-taken = Wybór zachowano.
banks-lead = To, co ta strona rozpoznaje ponownie. Dodaje się i usuwa z wiersza poleceń.
banks-none = Nie ma jeszcze żadnego banku.
bank-holds = Wstrzymuje to, co jest podobne, aż ktoś zdecyduje
bank-covers = Zasłania to, co jest podobne
bank-logs = Liczy to, co jest podobne
bank-negative = Przepuszcza to, co wzięto za coś innego
bank-signals = sygnały:
bank-matched = dopasowania:
bank-held = wstrzymane:
bank-distrusted = często się mylił, więc od { $time } tylko liczy
bank-trust = Niech znów działa
told-trusted = Bank znów działa.

# The site’s state, alarms, and nobody at home.
console-watch = Stan
watch-at = Stan na
watch-well = Wszystko w porządku
watch-troubles = { $troubles ->
    [one] Jedna rzecz czeka na ciebie
    [few] { $troubles } rzeczy czekają na ciebie
    [many] { $troubles } rzeczy czeka na ciebie
   *[other] { $troubles } rzeczy czeka na ciebie
}
watch-away-link = Gdy nikogo nie ma
watch-lever = Dźwignia { $until }: { $lever }
watch-storm = Burza: żądań jest o wiele więcej, niż komukolwiek przypada, a nowi stoją w kolejce.
watch-webhook-lost = Nie udało się dotrzeć do webhooka i dano spokój: ktoś mógł się nie dowiedzieć.
watch-late = { $cases ->
    [one] Minął termin jednej sprawy.
    [few] Minął termin { $cases } spraw.
    [many] Minął termin { $cases } spraw.
   *[other] Minął termin { $cases } spraw.
}
watch-hour = { $cases ->
    [one] Jedna sprawa ma termin w ciągu godziny.
    [few] { $cases } sprawy mają termin w ciągu godziny.
    [many] { $cases } spraw ma termin w ciągu godziny.
   *[other] { $cases } spraw ma termin w ciągu godziny.
}
watch-jobs-dead = Zadania ostatecznie się nie powiodły.
watch-second-looks = Wpisy banków, które objęłyby wiele, czego nikt nie zgłosił: { $items }. Tylko liczą, póki na nie nie spojrzysz.
watch-mail-lost = { $mails ->
    [one] Jeden list odrzucono albo porzucono w ciągu ostatnich 24 godzin.
    [few] { $mails } listy odrzucono albo porzucono w ciągu ostatnich 24 godzin.
    [many] { $mails } listów odrzucono albo porzucono w ciągu ostatnich 24 godzin.
   *[other] { $mails } listów odrzucono albo porzucono w ciągu ostatnich 24 godzin.
}
watch-uploads = Przesłane pliki
watch-reports = Zgłoszenia
watch-posts = Wpisy
watch-matches = Co znalazły banki
watch-bank = Bank
watch-day = Ostatnie 24 godziny
watch-held = Wstrzymane
watch-right = Jak często słusznie
watch-distrusted = tylko liczy
watch-sources = Według źródła
watch-source = Źródło
watch-busy = Pod obciążeniem
watch-busy-hint = Części sieci, które zużywają dużo z tego, co wolno. Ich nazwy są zmyślone, nigdzie indziej nic nie znaczą i zmieniają się co dzień.
watch-busy-none = Nikt nie zużywa dużo.
watch-used = zużyto { $percent } %
watch-parts = Maszyna
watch-dead = Zadania, które się nie powiodły
watch-dead-none = Brak.
watch-tried = { $times ->
    [one] w kolejce od { $time }, jedna próba
    [few] w kolejce od { $time }, { $times } próby
    [many] w kolejce od { $time }, { $times } prób
   *[other] w kolejce od { $time }, { $times } prób
}
watch-retry = Spróbuj ponownie
watch-alarms = Alarmy
watch-alarms-none = Jak dotąd brak.
watch-test = Wyślij alarm próbny
watch-nobody-told = Nikt się o nich nie dowiaduje: ustaw alarms.mail albo alarms.webhook w konfiguracji.
watch-by-mail = Pocztą na { $addresses }.
watch-by-webhook = Do { $host }.
watch-webhook-failed = Ostatniego nie przyjęto ({ $answer }; prób: { $times }).
watch-quiet = Cisza od { $from } do { $to } ({ $zone }): wtedy tylko nakazy.
told-retried = Próba jest ponawiana.
told-tested = Alarm próbny jest w drodze.
told-here = Jesteś w domu.
chart-summary = { $all } w ciągu 24 godzin, { $now } w tej godzinie.
chart-usual = Zwykle o tej godzinie: { $usual }.
chart-no-usual = Co jest zwykłe, wiadomo po trzech dniach.
chart-numbers = Jako liczby
chart-hour = Godzina
chart-count = Liczba
chart-usually = Zwykle
chart-key-hour = godzina (UTC)
chart-key-now = ta, jeszcze trwa
chart-key-unusual = o wiele więcej niż zwykle
chart-key-usual = zwykle
degraded-blobs = Magazyn zdjęć i filmów nie odpowiada.
degraded-disk = Dysk jest prawie pełny: nowe pliki nie są przyjmowane.
degraded-proxy = Przed stroną stoi serwer, którego server.trusted_proxies nie wymienia: wszyscy odwiedzający liczą się jako jeden.
degraded-sandbox-off = Pliki obcych są oglądane bez piaskownicy, zgodnie z konfiguracją.
degraded-sandbox = Piaskownica nie działa: nie można przygotować żadnego zdjęcia ani filmu.
degraded-ffmpeg = ffmpeg się nie uruchamia: nie można przygotować żadnego filmu.
degraded-media = Zdjęcia i filmy za długo czekają na przygotowanie.
degraded-deletions = Usunięcia za długo czekają na wykonanie.
home-seen = Jesteś w domu: operatora widziano ostatnio { $time }.
home-new = Nie widziano jeszcze żadnego operatora.
home-unseen = Nikogo nie ma: nie widziano żadnego operatora. Od { $time } strona trzyma się tego, co zostało wybrane.
home-queue = Czeka zbyt wiele. Od { $time } strona trzyma się tego, co zostało wybrane.
clock-late = Po terminie
clock-hour = W ciągu godziny
clock-day = W ciągu dnia
clock-later = Później
clock-none = Bez terminu
reach-ipv4 = jeden adres IPv4
reach-ipv4-24 = 256 adresów IPv4 (/24)
reach-ipv6-64 = sieć IPv6 (/64)
reach-ipv6-56 = dom IPv6 (/56)
reach-ipv6-48 = miejsce IPv6 (/48)
reach-ipv4-16 = dostawca IPv4 (/16)
reach-ipv6-32 = dostawca IPv6 (/32)
budget-post = wpisy
budget-upload = rozpoczęte przesyłania
budget-open-upload = trwające przesyłania
budget-byte = bajty
budget-guess = błędne hasła
budget-manage-guess = błędne odnośniki do zarządzania
budget-sign-in = nieudane logowania
budget-notice = zgłoszenia
budget-appeal = odwołania
job-prepare-media = Przygotowanie zdjęcia lub filmu (autor wie, że się nie powiodło)
job-find-alike = Szukanie tego, co podobne do sprawy
job-search = Szukanie tego, co poznał bank
job-settle = Przenoszenie do kwarantanny tego, co usunięto
job-seal = Pieczętowanie dowodów
job-restore = Przywracanie tego, co usunięto
job-mail = Wysyłanie poczty
job-webhook = Wywoływanie webhooka
job-delete = Usuwanie ({ $kind })
job-other = { $kind }
part-well = działa
part-unwell = nie działa
part-disk = Dysk
part-disk-free = wolne: { $size }
part-blobs = Zdjęcia i filmy
part-database = Baza danych
part-sandbox = Piaskownica
part-jobs = Zadania
part-jobs-now = czeka: { $waiting }, w toku: { $running }
part-mail = Poczta
part-mail-now = w ciągu 24 godzin wysłano { $sent }, czeka { $waiting }, przepadło { $lost }
part-mail-none = nie jest wysyłana
alarm-quiet = czeka na koniec godzin ciszy
alarm-stands = nadal tak jest
alarm-over = już nie
alarm-order = Minęła połowa czasu na nakaz, a jego sprawa jest otwarta.
alarm-queue = { $number ->
    [one] Otwarta jest jedna sprawa.
    [few] Otwarte są { $number } sprawy.
    [many] Otwartych jest { $number } spraw.
   *[other] Otwartych jest { $number } spraw.
}
alarm-wave = Fala: { $number ->
    [one] jedno dopasowanie
    [few] { $number } dopasowania
    [many] { $number } dopasowań
   *[other] { $number } dopasowania
} do jednego wpisu banku { $bank } w krótkim czasie.
alarm-wave-unnamed = Fala: { $number ->
    [one] jedno dopasowanie
    [few] { $number } dopasowania
    [many] { $number } dopasowań
   *[other] { $number } dopasowania
} do jednego wpisu banku w krótkim czasie.
alarm-alike = Fala: podobnych do siebie wpisów w krótkim czasie: { $number }, a żaden bank nie zna ich treści. Pierwszy z nich można zgłosić pod linkiem.
alarm-job = { $number ->
    [one] Jedno zadanie ostatecznie się nie powiodło: { $kind }.
    [few] { $number } zadania ostatecznie się nie powiodły: { $kind }.
    [many] { $number } zadań ostatecznie się nie powiodło: { $kind }.
   *[other] { $number } zadań ostatecznie się nie powiodło: { $kind }.
}
alarm-disk = Dysk jest prawie pełny: wolne { $size }.
alarm-away = Nikogo nie ma: strona trzyma się tego, co na to wybrano.
alarm-test = To próba. Nic się nie dzieje.
letter-alarms = { $site }: { $alarms ->
    [one] { $alarms } alarmów
    [few] { $alarms } alarmy
    [many] { $alarms } alarmów
   *[other] { $alarms } alarmów
}
letter-alarms-state = Jak strona ma się teraz: { $link }
letter-alarm-raised = Od { $time }.
letter-alarm-over = Już nie.
act-job-retried = Ponowiono zadanie, które się nie powiodło
act-fell-back = Nikogo nie było: strona trzymała się tego, co wybrano
act-came-back = Strona wróciła do siebie
length-hours = { $hours ->
    [one] jedną godzinę
    [few] { $hours } godziny
    [many] { $hours } godzin
   *[other] { $hours } godzin
}
length-minutes = { $minutes ->
    [one] jedną minutę
    [few] { $minutes } minuty
    [many] { $minutes } minut
   *[other] { $minutes } minut
}
away-heading = Gdy nikogo nie ma
away-lead = Gdy długo cię nie widać albo czeka więcej, niż zdołasz rozstrzygnąć, strona trzyma się tego, co wcześniej wybrano, mówi o tym wszystkim i sama wraca do siebie.
away-here = Jestem tu
away-here-hint = Mówi to też wszystko, co robisz w konsoli; strona, która tylko jest otwarta – nie.
away-come-back = Jestem tu, wracaj
away-come-back-hint = Wszystko od razu jest jak zwykle. Jeśli nadal czeka zbyt wiele, nie liczy się to, dopóki kolejka nie będzie znów krótka.
away-rules = Kiedy
away-rules-none = Nigdy: nie jest ustawione.
away-rules-hint = Wybierasz to w [away] konfiguracji.
away-rule-unseen = Gdy przez { $length } nie widziano żadnego operatora.
away-rule-queue = Gdy otwartych spraw jest więcej niż { $cases }, dopóki nie będzie ich { $calm } lub mniej.
away-rehearsal = Próba
away-rehearsal-hint = Co stałoby się teraz. Nic z tego nie jest robione.
away-begun = Zaczęło się.
away-begins-now = Zaczęłoby się od razu.
away-begins = Zaczęłoby się { $time }, jeśli do tego czasu nikt cię nie zobaczy.
away-begins-queue = Zaczęłoby się, gdyby liczba otwartych spraw przekroczyła { $cases }.
away-never = Samo nigdy by się nie zaczęło.
away-deed-orders = Nakazy są potwierdzane: ich pokwitowania mówią, że nikogo nie ma. Ich terminy biegną dalej.
away-deed-woken = W połowie czasu na nakaz cię to budzi.
away-deed-not-woken = Nikogo to nie budzi: alarmy nie mają do ciebie drogi.
away-deed-hold = { $cases ->
    [0] To, czego dotyczą nakazy działania, byłoby wstrzymane, dopóki nie rozstrzygniesz. Teraz nic nie czeka.
    [one] To, czego dotyczą nakazy działania, byłoby wstrzymane, dopóki nie rozstrzygniesz: teraz jedna sprawa.
    [few] To, czego dotyczą nakazy działania, byłoby wstrzymane, dopóki nie rozstrzygniesz: teraz { $cases } sprawy.
    [many] To, czego dotyczą nakazy działania, byłoby wstrzymane, dopóki nie rozstrzygniesz: teraz { $cases } spraw.
   *[other] To, czego dotyczą nakazy działania, byłoby wstrzymane, dopóki nie rozstrzygniesz: teraz { $cases } spraw.
}
away-deed-no-hold = To, czego dotyczą nakazy, zostaje, jak jest, dopóki nie rozstrzygniesz.
away-poster = Co przeczytaliby autorzy wpisów
away-poster-words = Nikogo, kto dba o tę stronę, teraz tu nie ma.
away-poster-busy = Czeka tu teraz więcej, niż mogą obejrzeć ci, którzy dbają o tę stronę.
away-order = Nikogo, kto rozstrzyga, teraz tu nie ma: wniosek został przyjęty, a jego termin biegnie.
away-order-held = To, czego dotyczy, jest ukryte, dopóki nie zapadnie rozstrzygnięcie.
away-again = Spójrz jeszcze raz
decisions-none = Niczego jeszcze nie zdecydowano.
decision-undo = Cofnij tę decyzję
decision-undone = Cofnięto
decision-destroyed = Zniszczono to, co usunięto
appeals-none = Żadne odwołanie nie czeka.
appeals-told-back = Odpowiedziano: to wraca.
appeals-told-given-back = Odpowiedziano: ten wpis wraca, reszta zostaje tak, jak zdecydowano.
appeals-told-stands = Odpowiedziano: decyzja zostaje w mocy.
appeal-about = Co usunięto
appeal-about-hint = Otwarte dla tego, kto odpowiada, dopóki nikt nie odpowiedział. Pozostaje w kwarantannie, a obejrzenia liczą się jak każde inne.
appeal-reach = Decyzja objęła to wszystko i po jej cofnięciu wszystko wróci:
appeal-answer = Twoja odpowiedź dla autora
appeal-overturn = Ma rację: cofnij decyzję
appeal-give-back = Ma rację co do tego wpisu: oddaj tylko ten
appeal-uphold = Decyzja zostaje w mocy
act-case-held = Ukryto do czasu decyzji
act-case-released = Puszczono: znów to widać
act-case-decided = Rozstrzygnięto sprawę
act-decision-undone = Cofnięto decyzję
act-appeal-answered = Odpowiedziano na odwołanie
act-looked = Obejrzano zdjęcie
act-party-added = Zarejestrowano podmiot
act-party-checked = Sprawdzono tożsamość podmiotu
act-party-suspended = Zawieszono podmiot
act-party-resumed = Podmiot może znowu zgłaszać
act-key-added = Podmiot otrzymał klucz
act-key-revoked = Unieważniono klucz
act-filed = Złożono wniosek
act-filing-answered = Odpowiedziano na wniosek
act-silence-set = Zmieniono okres milczenia nakazu
act-policy-set = Weszła w życie nowa wersja zasad
act-match-released = Pokazano z wiersza poleceń
act-match-kept = Pozostawiono ukryte z wiersza poleceń
act-bank-distrusted = Często się myli, więc już tylko liczy
act-bank-trusted = Znów zaufany

portal-title = Portal
portal-mine = Wasze wnioski
portal-list = Złóż listę
portal-list-way = Wiele naraz: złóż listę (CSV lub wiersze JSON)
portal-file = Złóż wniosek
portal-none = Nic jeszcze nie złożono.
portal-filed = Otrzymaliśmy to. Ta strona jest potwierdzeniem, a później odpowiedzią.
portal-part-order = Wniosek
portal-part-content = Czego dotyczy
portal-part-secret = Czy autor może się dowiedzieć
portal-part-redress = Jak można to zaskarżyć
portal-send = Złóż
portal-send-hint = Wpływa w chwili naciśnięcia, a następna strona to potwierdza.
console-filings = Wnioski
console-parties = Podmioty
kind-notice = Zgłoszenie (DSA, art. 16)
kind-trusted-flagger = Zgłoszenie zaufanego podmiotu sygnalizującego (DSA, art. 22)
kind-tco-referral = Wskazanie treści terrorystycznych
kind-voluntary-referral = Wskazanie
kind-tco-removal-order = Nakaz usunięcia (TCO, art. 3)
kind-dsa-order = Nakaz podjęcia działań (DSA, art. 9)
kind-court-order = Nakaz sądu
kind-dsa-information-order = Nakaz udzielenia informacji (DSA, art. 10)
kind-court-information-order = Nakaz sądu o udzielenie informacji
kind-copyright = Wniosek dotyczący praw autorskich
kind-privacy = Wniosek dotyczący prywatności (RODO, art. 17)
kind-preservation = Wniosek o zabezpieczenie danych
kind-threat = Zagrożenie życia (DSA, art. 18)
follows-decide = Prosi: strona decyduje według własnych zasad i mówi, co postanowiła.
follows-act = Wiąże, w terminie, który sam podaje.
follows-hour = Wiąże, w ciągu godziny od otrzymania.
follows-tell = Wiąże: strona odpowiada, co posiada.
follows-keep = Prosi, aby zachować to, co jest.
fault-no-link = Żaden odnośnik nie prowadzi do niczego, co jest lub kiedykolwiek było na tej stronie.
fault-reference = Brakuje własnego numeru sprawy nadawcy.
fault-ground = Brakuje podstawy: podajcie powody albo przepis.
fault-issued = Brakuje daty wydania albo jest ona w przyszłości.
fault-asked = Nie podano, o jakie informacje chodzi.
fault-jurisdiction = Wygląda na to, że nadawca nie ma tu jurysdykcji.
inability-impossible = Siła wyższa albo niemożliwość z obiektywnych przyczyn technicznych lub operacyjnych
inability-errors = Zawiera oczywiste błędy
inability-information = Nie zawiera wystarczających informacji
reason-incites = a) Nawołuje do przestępstw terrorystycznych, na przykład przez ich gloryfikowanie
reason-solicits = b) Nakłania do popełnienia takich przestępstw lub do przyczynienia się do nich
reason-participation = c) Nakłania do udziału w działaniach grupy terrorystycznej
reason-instructs = d) Udziela instrukcji wytwarzania lub użycia materiałów wybuchowych, broni albo substancji szkodliwych, albo innych metod
reason-threatens = e) Grozi popełnieniem przestępstwa terrorystycznego
party-authority = Organ
party-trusted-flagger = Zaufany podmiot sygnalizujący
party-partner = Platforma partnerska
filing-open = Otrzymano; nikt jeszcze nie zdecydował
filing-done = Wykonano
filing-decided = Zdecydowano
filing-cannot = Nie można wykonać
filing-told = Udzielono odpowiedzi
filing-received = Otrzymano
filing-late = Termin minął
filing-links = { $links ->
    [0] bez odnośnika
    [one] jeden odnośnik
    [few] { $links } odnośniki
    [many] { $links } odnośników
   *[other] { $links } odnośnika
}
filing-faults = Co jest nie tak, o ile widzi to program
filing-confirm = Program nie jest tego pewny: potwierdź decyzją albo odpowiedzią.
filing-no-links = Nie wymienia żadnego odnośnika.
links-shown = Adresy od { $first } do { $last } z { $all }
links-before = Wcześniejsze adresy
links-after = Dalsze adresy
filing-silence = Autor nie może się dowiedzieć
filing-silent-until = Nikt się o tym nie dowie do
filing-silence-ended = Skończyło się
filing-silence-longer = Jeszcze raz na tyle samo
filing-silence-end = Zakończ teraz
filing-tell = Powiedz, co jest
filing-tell-hint = To fakty o wpisach i plikach, nigdy to, co pokazują. Przeczytaj, skreśl to, o co nie pytano, potem wyślij.
filing-send = Wyślij odpowiedź
filing-refuse = Nie można tego wykonać
filing-words = Co dokładnie i co nadawca powinien wyjaśnić?
filing-words-hint = Te słowa przeczyta nadawca, przy nakazie usunięcia w załączniku III.
filing-answered-before = Odpowiedzi już udzielono. Nowa zajmie jej miejsce.
filing-reply = Co teraz czyta nadawca
filing-no-reason = Powiedz, dlaczego nie można tego wykonać.
filing-done-already = Nakaz wykonano: nikt nie widzi niczego, co wskazuje. Jeśli decyzja była błędna, najpierw ją cofnij.
filing-no-words = Napisz to, najwyżej 10 000 bajtów.
filing-no-silence = Tego milczenia nie można przedłużyć.
filings-waiting = Czekają
filings-rest = Wszystkie inne, od najnowszych
filings-none = Żaden zarejestrowany podmiot o nic jeszcze nie prosił.
told-answered = Odpowiedź wysłana.
told-silence = Milczenie zmienione.
mark-unchecked = tożsamości nie sprawdzono
mark-suspended = zawieszony
mark-confirm = do potwierdzenia
mark-silent = autor nie może się dowiedzieć przed
mark-secret = autorowi nie wolno mówić
mark-unregistered = niezarejestrowany
reply-annex-2 = Rozporządzenie (UE) 2021/784, załącznik II
reply-annex-2-heading = Informacja zwrotna po usunięciu treści o charakterze terrorystycznym
reply-annex-3 = Rozporządzenie (UE) 2021/784, załącznik III
reply-annex-3-heading = Informacja o niemożności wykonania nakazu usunięcia
reply-cannot-heading = Dlaczego nie można tego wykonać
reply-holdings-heading = Odpowiedź na wniosek o informacje
reply-received-heading = Potwierdzenie otrzymania
reply-outcome-heading = Co postanowiono
reply-effect-heading = Wykonanie nakazu
reply-sides = A. Kto i do kogo się zwrócił
reply-addressee = Adresat
reply-sender = Wydał
reply-kind = Rodzaj wniosku
reply-their-reference = Numer sprawy nadawcy
reply-our-reference = Numer sprawy adresata
reply-received = Otrzymano
reply-issued = Wydano
reply-measures = B. Podjęte środki
reply-measure = Środek
reply-gone-before = Nic z tego już nie istniało: autorzy to usunęli albo minął jego czas.
reply-measured = Data i godzina podjęcia środka
measure-removed = Treści usunięto
measure-disabled = Dostęp do nich zablokowano we wszystkich państwach członkowskich
reply-inability = B. Dlaczego nie można wykonać
reply-reason = Powód
reply-details = Dalsze informacje
reply-clarify = Co trzeba wyjaśnić
reply-answered = Powiedziano
reply-holdings = B. Co jest
reply-we-hold = Posiadamy
reply-effect = Skutek
effect-given = Nakaz wykonano.
effect-in-part = Nakaz wykonano w części.
effect-not-given = Nakazu nie wykonano.
reply-known = B. Co dotąd wiadomo
reply-due = Do wykonania przed
reply-no-clock = Termin nie biegnie, dopóki nie wyjaśni się braków.
reply-no-time = Nie wyznaczono terminu.
reply-faults = Czego brakuje lub co jest błędne
reply-links = Odnośniki
reply-signer = C. Dane adresata
reply-provider = Dostawca usług hostingowych
reply-country = Państwo członkowskie siedziby
reply-person = Osoba upoważniona
reply-operator = Operator strony
reply-contact = Kontakt
reply-date = Data
reply-redress = Jeśli się nie zgadzacie
reply-redress-how = Jak złożyć skargę
reply-redress-words = Napiszcie na adres kontaktowy tej strony i podajcie nasz numer sprawy; ktoś spojrzy na to jeszcze raz. Można też zwrócić się do sądu.
reply-request = O co wniesiono
reply-category = Co jest nie tak
reply-follows = Co z tego wynika
reply-silent = Autor nie dowie się do
reply-download = Zachowaj jako tekst
reply-print = Stronę można wydrukować jako dokument.
link-there = Coś tam jest; zobacz odpowiedź.
link-open = Nikt jeszcze nie zdecydował.
link-gone = Już tego nie ma.
link-withdrawn = Wycofane: nikt już o to nie prosi.
link-nothing = Nigdy nic tej strony tam nie było.
link-removed = Usunięto.
link-withheld = Wstrzymano w niektórych krajach.
link-covered = Zasłonięto ostrzeżeniem.
link-left = Zostawiono bez zmian.
box-ticked = Zaznaczone:
box-empty = Niezaznaczone:
field-reference = Własny numer sprawy
field-issued = Wydano
field-utc = Dzień i godzina w UTC
field-legal-basis = Podstawa prawna
field-due = Do wykonania przed
field-subjects = Odnośniki
field-subjects-hint = Po jednym w wierszu: wpisy albo pojedyncze zdjęcia i filmy tej strony
field-reasons = Powody
field-asks = O jakie informacje chodzi
field-explanation = Wyjaśnienie
field-secret = Autor nie może się o tym dowiedzieć
field-secret-until = Do
field-secret-tco = W UTC. Najwyżej sześć tygodni od otrzymania; puste znaczy sześć tygodni.
field-redress = Organ lub sąd, termin i gdzie znaleźć przepisy
holdings-we-hold = Posiadamy to, co następuje, i nic więcej.
holdings-nothing = Nigdy nic tej strony tam nie było.
holdings-preserved = Usunięto to { $time }: zrobił to autor albo upłynął jego czas. Jest przechowywane, niewidoczne dla nikogo, co najmniej do { $until }.
holdings-preserved-open = Usunięto to { $time }: zrobił to autor albo upłynął jego czas. Jest przechowywane, niewidoczne dla nikogo, dopóki otwarty jest dotyczący tego nakaz.
holdings-gone = Już tego nie ma. Nie mamy nic poza faktem, że coś tam było.
holdings-post = Wpis { $id }, opublikowany { $time }.
holdings-edited = Ostatnio zmieniony { $time }.
holdings-expires = Kończy się { $time }.
holdings-language = Autor podał język: { $language }.
holdings-media = { $media ->
    [0] Nie ma zdjęć ani filmów.
    [one] Ma jedno zdjęcie lub film:
    [few] Ma { $media } zdjęcia lub filmy:
    [many] Ma { $media } zdjęć lub filmów:
   *[other] Ma { $media } zdjęcia lub filmu:
}
holdings-no-file = bez pliku
holdings-as-arrived = znany też jako
holdings-public = Każdy może to zobaczyć.
holdings-locked = Autor to zamknął.
holdings-hidden = Nikt tego nie widzi, dopóki ktoś nie zdecyduje.
holdings-removed = Usunięto { $time }; zaszyfrowane przechowujemy do { $until }.
holdings-destroyed = Usunięto, a { $time } zniszczono.
holdings-not-held = O autorze nie mamy nazwiska, konta, adresu sieciowego ani opisu przeglądarki: ta strona niczego z tego nie zapisuje.
line-taken = Przyjęto
line-duplicate = Powtórzenie
line-refused = Odrzucono
line-same-as = Mówi to samo, co wiersz { $line }.
list-file-heading = Wybierz listę
list-file = Plik
list-hint = Tabela (CSV) albo obiekt JSON w każdym wierszu, do 10 000 wierszy. Każdy jest osobnym wnioskiem.
list-charset = Kodowanie
list-charset-usual = UTF-8 albo jak mówi plik
list-send = Złóż listę
list-columns = Jak wygląda lista
list-columns-hint = Pierwszy wiersz nazywa kolumny. Kilka odnośników lub powodów w jednym polu dzieli spacja. W wierszach JSON nazwy są te same, ale odnośniki to lista o nazwie „subjects”.
list-answer = Co stało się z listą
list-tally = { $taken ->
    [0] Nie przyjęto żadnego wiersza
    [one] Przyjęto jeden wiersz
    [few] Przyjęto { $taken } wiersze
    [many] Przyjęto { $taken } wierszy
   *[other] Przyjęto { $taken } wiersza
}; powtórzenia: { $duplicates }; odrzucono: { $refused }.
list-download = Zachowaj odpowiedź jako tabelę (CSV)
list-left = { $lines ->
    [one] Jeszcze jeden wiersz jest tylko w tabeli.
    [few] Jeszcze { $lines } wiersze są tylko w tabeli.
    [many] Jeszcze { $lines } wierszy jest tylko w tabeli.
   *[other] Jeszcze { $lines } wiersza jest tylko w tabeli.
}
list-line = Wiersz
list-state = Odpowiedź
list-words = Co jest nie tak
list-wrong = Listy nie można odczytać:
list-too-long = ma więcej niż { $lines } wierszy.
list-no-file = nie ma pliku.
list-no-charset = nie ma kodowania { $name }.
list-no-column = nieznana kolumna { $name }.
list-no-column-url = brakuje kolumny { $name }.
list-no-table = to nie jest tabela.
line-too-many-fields = Pól jest więcej niż kolumn w nagłówku.
line-not-utf8 = To nie jest UTF-8: zapisz listę jako UTF-8 albo podaj jej kodowanie.
line-no-flag = To ani 1, ani 0.
line-open-quote = Cudzysłów otwiera tu pole i go nie zamyka.
line-no-object = To nie jest obiekt JSON z polami wniosku.
file-too-many = Wniosek w tym formularzu wymienia najwyżej { $links } odnośników. Pozostałe złóżcie w następnym albo jako listę.
parties-none = Nikt nie jest jeszcze zarejestrowany. Kto nie jest, może zgłaszać jak każdy, i nie wierzy się w nic, za kogo się podaje.
party-add = Zarejestruj podmiot
party-add-hint = List elektroniczny nigdy nie jest dowodem. Upewnij się na własny sposób, kto to: zadzwoń pod numer znaleziony samemu, spotkaj się albo zajrzyj do publicznego rejestru.
party-add-submit = Zarejestruj
party-kind = Czym jest
party-jurisdiction = Jurysdykcja
party-jurisdiction-hint = Dwie litery, na przykład PL; EU dla organów Unii
party-languages = Języki
party-languages-hint = Znaczniki z przecinkami, na przykład pl, en. W pierwszym się odpowiada.
party-contact = Kontakt
party-contact-hint = Jak go osiągnąć, znaleziony niezależnie
party-identity = Tożsamość
party-is-checked = tożsamość sprawdzona
party-not-checked = Jeszcze nie sprawdzono
party-check = Zapisz sprawdzenie tożsamości
party-check-hint = Fakt z nazwiskiem i dniem. Zajmuje miejsce poprzedniego.
party-check-submit = Zapisz
party-checked-by = Jak sprawdzono
party-checked-who = Kto sprawdził
party-checked-on = Którego dnia
checked-call-back = Oddzwoniono pod numer znaleziony niezależnie
checked-in-person = Osobiście
checked-register = W publicznym rejestrze
checked-letter = Listem, na adres znaleziony niezależnie
party-suspend = Zawieś
party-resume = Pozwól znów składać
party-suspended-since = Nie może składać wniosków: ani jego klucze, ani jego ludzie. Od
party-people = Kto składa za niego wnioski na portalu
party-person = Nazwa osoby do dodania
party-person-hint = Dostaniesz dla niej odnośnik, ważny dwa dni.
party-keys = Klucze jego programów
party-key = Nazwa klucza
party-key-hint = Jak nazywają go podpisy: litery, cyfry, kropki, łączniki
party-public = Klucz publiczny (Ed25519)
party-public-hint = Treść pliku PEM albo 32 bajty w base64 lub szesnastkowo
party-key-add = Dodaj klucz
party-key-since = Od
party-key-revoke = Unieważnij
party-key-revoked = Unieważniono
party-filings = Co ostatnio złożył
party-error-name = Nazwa ma od 1 do 120 znaków, w tym żadnego niewidocznego.
party-error-kind = Powiedz, czym jest.
party-error-jurisdiction = Jurysdykcja to dwie litery, na przykład PL, albo EU.
party-error-languages = Języki to znaczniki takie jak pl, en lub ar; najwyżej 12.
party-error-contact = Powiedz, jak go osiągnąć.
party-error-checked = Powiedz, jak sprawdzono tożsamość, kto to zrobił i którego dnia, który nie jest w przyszłości.
party-error-taken = Jest już taka nazwa.
party-error-key = To nie jest klucz publiczny Ed25519.
party-error-key-name = Nazwa klucza ma od 1 do 64 liter, cyfr, kropek, łączników i podkreśleń.
audit-site = Sama strona
act-retention-added = Przedłużono przechowywanie
act-evidence-sealed = Zapieczętowano dowody
act-evidence-destroyed = Zniszczono dowody
act-quarantine-destroyed = Zniszczono to, co usunięto
act-lever-set = Włączono przełącznik awaryjny
act-lever-cleared = Wyłączono przełącznik awaryjny
console-levers = Przełączniki
levers-lead = Na złe dni. Każdy ma swój koniec, autorzy wiedzą o nim, zanim zaczną, i nic z tego, co rozpoczęto, nie przepada.
waiting-heading = { $waiting ->
    [one] Jeden wpis czeka na obejrzenie
    [few] { $waiting } wpisy czekają na obejrzenie
    [many] { $waiting } wpisów czeka na obejrzenie
   *[other] { $waiting } wpisu czeka na obejrzenie
}
waiting-hint = Czekają z powodu dźwigni i zostają w kolejce, gdy ta się skończy. Tego, co ktoś zgłosił albo co zna bank, wśród nich nie ma.
waiting-let-go = Puść wszystkie…
waiting-sure = Wtedy zobaczą je wszyscy, choć nikt ich nie obejrzał. Każdy nadal można zgłosić i usunąć.
waiting-do = Puść wszystkie
levers-label = Jak teraz działa publikowanie
lever-slow-mode = Tryb powolny
lever-slow-mode-hint = Limity wpisów i przesyłania maleją do jednej dziesiątej, a nowe wpisy stają się publiczne po pewnym czasie.
lever-hold-uploads = Wstrzymuj wszystko, co nowe
lever-hold-uploads-hint = Nowe wpisy i to, co dodano do starych, czekają w kolejce, aż ktoś je obejrzy.
lever-hold-fresh = Wstrzymuj to, co z nowych sieci
lever-hold-fresh-hint = To samo dla sieci, z których pierwszy wpis nie ma jeszcze godziny, o ile ten serwer pamięta: najwyżej z dwóch dni.
lever-no-videos = Bez filmów
lever-no-videos-hint = Nowe filmy są odrzucane. Zdjęcia i słowa są przyjmowane.
lever-no-links = Bez linków
lever-no-links-hint = Linki we wszystkich wpisach są zwykłymi słowami. Potem znów będą linkami.
lever-read-only = Tylko do odczytu
lever-read-only-hint = Przyjmowane są tylko zgłoszenia, odwołania i nakazy. Autorzy mogą nadal usuwać swoje treści.
lever-pull = Włącz
lever-another-end = Zmień koniec
lever-let-go = Wyłącz
lever-length = Na jak długo:
lever-1h = na godzinę
lever-6h = na sześć godzin
lever-1d = na dobę
lever-3d = na trzy dni
lever-7d = na tydzień
lever-until = do { $time }
lever-for-now = na razie
lever-pulled = Włączone { $until }
lever-pulled-by-site = Włączone { $until } przez sam serwis, bo nikogo nie ma
lever-end = Przełącznik musi mieć koniec, który jeszcze nie minął i przypada najdalej za 30 dni.
lever-not-allowed = Może to zrobić tylko operator.
lever-told-slow-mode = Zwolniliśmy { $until }. Link dostaniesz od razu; { $minutes ->
    [one] inni zobaczą wpis minutę później.
    [few] inni zobaczą wpis { $minutes } minuty później.
    [many] inni zobaczą wpis { $minutes } minut później.
   *[other] inni zobaczą wpis { $minutes } minuty później.
}
lever-told-hold-uploads = Wszystko, co nowe, oglądamy przed publikacją { $until }. Link dostaniesz od razu; inni zobaczą wpis potem.
lever-told-hold-fresh = To, co przychodzi z nowych tu sieci, oglądamy przed publikacją { $until }. Link dostaniesz od razu.
lever-told-no-videos = Nie przyjmujemy filmów { $until }. Zdjęcia i słowa są mile widziane.
lever-told-no-links = Linki we wpisach są zwykłymi słowami { $until }. Potem znów będą linkami.
lever-told-read-only = Nie przyjmujemy niczego nowego { $until }. To, co opublikowano, zostaje i można to usunąć. Zgłoszenia i odwołania są przyjmowane.
told-kept = Będzie przechowywane do tego dnia.
evidence-none = Niczego nie pieczętuje się jako dowodu, bo nie podano odbiorcy. To, co usunięto, jest zamiast tego przechowywane w kwarantannie. Klucz tworzy „handbill evidence keygen”; odbiorcę wpisuje się w konfiguracji, w części [evidence].
evidence-sealed = Zapieczętowano jako dowód
evidence-destroyed = Dowody zniszczono
retention-appeal = Autor może się odwołać
retention-tco = Nakaz usunięcia
retention-preservation = Prosił o to organ władzy
retention-law = Wymaga tego inna ustawa
keeping-heading = To, co usunięto, jest przechowywane
keeping-until = do
keeping-add = Przechowuj dłużej
keeping-ground = Dlaczego
keeping-reference = Czyj wniosek i jego numer albo która ustawa
keeping-last-day = Ostatni dzień
keeping-send = Przechowuj
keeping-nothing = Nic z tego nie jest już przechowywane.
keeping-no-ground = Podaj, dlaczego to przechowywać.
keeping-no-reference = Podaj, czyj to wniosek i jego numer, albo która ustawa tego wymaga: najwyżej 500 bajtów.
keeping-no-day = Podaj ostatni dzień: taki, który nadejdzie w ciągu dziesięciu lat.
act-preserved = Usunięte przez autora i zachowane
case-silent = O nakazie dotyczącym tego, albo czegoś poniżej, co trafiłoby do tej samej decyzji, nie wolno mówić: nikt, kto zamieścił lub zgłosił to, czego decyzja dotyczy, nie dowie się dlaczego. O tym, co zostanie pominięte, mówi się jak zwykle. Milczenie kończy się
case-preserved = Zachowane: autor usunął to
action-preserve = Autor to usunął; jest przechowywane z powodu wcześniejszego wniosku
bank-waits = dotknęłoby { $reach } treści, których nikt nie zgłosił, więc tylko liczy, dopóki ktoś tego nie potwierdzi
bank-would-reach = Co by objęło, albo pierwsze dwadzieścia
bank-confirm = Niech działa
told-confirmed = Od teraz działa, także na to, co już jest.
act-bank-waits = Dotknęłoby zbyt wiele, czeka na drugie spojrzenie
act-bank-confirmed = Potwierdzone po drugim spojrzeniu
act-party-distrusted = Podmiot często się myli, jego zgłoszenia nie są już pierwsze
act-party-trusted = Zgłoszenia podmiotu znów są pierwsze
act-party-undone = Cofnięcie tego, co zrobiono w imieniu podmiotu
act-filing-withdrawn = Wniosek już się nie liczy
filing-withdrawn = Wycofany: nie wysłał go ten, na kogo wskazuje
reply-withdrawn-heading = Ten wniosek się nie liczy
mark-often-wrong = często się myli
party-right = Trafność
party-unjudged = o niczym, co zgłosił, jeszcze nie zdecydowano
party-precision = { $right } z { $judged } decyzji
party-distrusted = Często się mylił, więc jego zgłoszenia czekają jak każde inne, od
party-distrusted-hint = Nic więcej nie dzieje się samo: o tym, czy może dalej zgłaszać, decydujesz Ty. Najpierw porozmawiaj albo zawieś go niżej. Wiążące nakazy wiążą jak dotąd, a zgłoszenie zagrożenia życia jest od razu pierwsze.
party-trust = Niech jego zgłoszenia znów będą pierwsze
deeds-way = Skradziono klucz?
deeds-heading = Co zrobiono w jego imieniu
deeds-lead = Gdy skradziono klucz lub czyjś dostęp: zawieś podmiot, zobacz tu wszystko, co przyszło w jego imieniu od tego czasu, i cofnij to jednym krokiem.
deeds-not-suspended = Nadal może składać wnioski. Najpierw go zawieś, żeby nic więcej nie przyszło.
deeds-since = Od kiedy (UTC)
deeds-list = Pokaż
deeds-no-time = Podaj dzień i godzinę.
deeds-found = Od
deeds-filings = Wnioski:
deeds-opened = Sprawy, które otwarły lub do których dołączyły:
deeds-alone = w tym niezgłoszone przez nikogo innego:
deeds-held = Ukryte do czasu decyzji:
deeds-decided = Obowiązujące decyzje:
deeds-undo = Cofnij to wszystko
deeds-undo-hint = Wnioski przestają się liczyć, to, co ukryła reguła, znów jest widoczne, sprawy, których nikt inny nie zgłosił, zostają zamknięte, a decyzje tylko w nich cofnięte. To, co zgłosili też inni, zostaje tak, jak zdecydowano. Każdy krok jest w dzienniku.
deeds-undoing = Trwa cofanie. Odśwież tę stronę, żeby zobaczyć, co zostało.
deeds-cases = Sprawy
deeds-others = zgłosili to też inni
rank-wave = fala: { $reports ->
    [one] jedno zgłoszenie
    [few] { $reports } zgłoszenia
    [many] { $reports } zgłoszeń
   *[other] { $reports } zgłoszenia
 } w ciągu godziny, ważą tyle co jedno
rank-copies = powtórzenia cudzych słów: { $reports }
notice-echo = powtarza to, co już powiedziano

# The desk.
desk-find = Szukaj
desk-find-label = Czynność, sprawa, podmiot albo link do wpisu
desk-find-none = Nie ma tu nic takiego.
desk-find-failed = Nie da się teraz szukać. Spróbuj za chwilę.
desk-keys = Klawisze
desk-keys-hint = Klawisze nie działają, gdy piszesz w polu.
desk-keys-on = Klawisze działają
desk-close = Zamknij
keys-next-row = Przejdź do następnego wiersza
keys-row-before = Przejdź do poprzedniego wiersza
keys-take = Weź wiersz, w którym jesteś, albo go pomiń
keys-send = Wyślij to, co piszesz
keys-leave = Wyjdź z pola, w którym piszesz
words-hold = wstrzymaj, zatrzymaj, schowaj
words-release = zwolnij, przywróć widoczność
words-assign = przydziel, przekaż, oddaj
words-undo = cofnij, odwróć, wycofaj
words-ask = dopytaj, pytanie
words-leave = bez działania, nic, zostaw
words-levers = tryb powolny, tylko do odczytu, bez linków, bez filmów, wstrzymaj wszystko nowe
words-annex = załącznik III, nie można, odpowiedź
words-alike = wszystko podobne, kopie, kampania
words-note = notatka, komentarz, uwaga
decide-unsent = Nie przyszła odpowiedź, więc nie wiadomo, czy to rozstrzygnięto. Wyślij jeszcze raz, gdy wróci połączenie: policzy się raz.
decide-refused = Niczego nie rozstrzygnięto.
desk-away = Nie było cię
desk-away-words = Strona zasłoniła się, żeby nikt inny jej nie czytał. To, co było u ciebie otwarte, mogą wziąć inni.
desk-away-back = Jestem
desk-offline = Nie ma połączenia. To, co widzisz, mogło się zmienić; nic nie zostało wysłane. Wszystko ruszy samo, gdy połączenie wróci.
desk-next = Następna sprawa
desk-today = dziś: rozstrzygnięte { $decided } · obejrzane { $looks } · oszczędzone { $saved }
desk-today-of = dziś: rozstrzygnięte { $decided } · obejrzane { $looks } z { $budget } · oszczędzone { $saved }
queue-filters = Wybierz, co widać, albo czegoś poszukaj
queue-kind = Rodzaj wniosku
queue-category = Co jest nie tak
queue-whose = Czyje
queue-any = dowolne
queue-everybodys = wszystkich
queue-mine = moje
queue-free = niczyje
queue-due = Tylko z terminem
queue-show = Pokaż te
queue-all = Pokaż wszystkie
queue-none-such = Nie ma otwartej sprawy tego rodzaju.
queue-nothing-left = To była ostatnia. Nic więcej na ciebie nie czeka.
queue-with = otwarta u: { $name }
queue-given-to = przekazana: { $name }
case-claimed = ma tę sprawę otwartą do
case-take-over = Przejmij ją
case-given-to = Przekazana:
case-more = To, co podobne, przed chwilą wyszukano ponownie i jest tego inaczej niż poniżej.
case-more-see = Pokaż wszystko
case-vanished = W międzyczasie sprawę przejęto, rozstrzygnięto albo otwarto w innej karcie, albo już jej nie ma. Nic twojego nie zostało wysłane.
case-put-back = Twoja sesja się skończyła. To, co było wpisane, jest tu znowu; nic z tego nie zostało wysłane.
case-see = Zobacz, jak stoi
case-before = Inne sprawy o tym wpisie
case-open = otwarta
case-decided = rozstrzygnięta
case-moot = bezprzedmiotowa
case-look = Zdjęcia
case-ask-back = Zapytaj nadawcę
case-members = Co jest podobne
case-notes = Notatki
case-last-grounds = Podstawy, których ostatnio użyto
case-another-ground = Inna:
case-claimed-since = Ktoś inny ma tę sprawę otwartą. Niczego nie rozstrzygnięto. Przejmij ją poniżej albo przejdź do następnej; twoje słowa wciąż tu są.
action-remove-alike = Usuń to razem ze wszystkim, co podobne
member-taken = Razem
member-what = Wpis
member-reading = Znalezione przez
member-sure = Pewność
member-opened = Otwarcia
note-label = Notatka dla rozstrzygających
note-hint = Czytają ją tylko osoby, które rozstrzygają.
note-to = I przekaż sprawę
note-keep = nie, zostaje u mnie
note-anybody = komukolwiek innemu
note-write = Zapisz
note-words = Napisz coś, najwyżej 4000 znaków.
note-nobody = Ta osoba już niczego nie rozstrzyga. Wybierz kogoś innego.
told-noted = Notatka jest zapisana.
told-handed-over = Sprawa została przekazana.
told-taken-over = Sprawa jest teraz u ciebie.
look-once = Obejrzyj
look-again = Chcę to zobaczyć jeszcze raz
look-failed = Nie można tego pokazać: być może limit na dziś jest wyczerpany albo już tego nie ma.
look-known-seen = Widziano to lub coś podobnego na tym koncie: { $time }.
look-known-decided = Rozstrzygnięto to lub coś podobnego na tym koncie: { $time }.
look-photo = zdjęcie { $number }
look-animation = animacja { $number }
look-video = film { $number }, { $duration }: w kadrach
look-still = film { $number }: klatka wybrana przez autora
looks-used-up = Limit oglądania na dziś jest wyczerpany.
looks-hand-over = Rozstrzygaj na podstawie słów i tego, co wiadomo, albo napisz notatkę i przekaż sprawę.
looks-heading = Mniej patrzenia
looks-label = Ile obejrzeń dziennie dla każdej osoby
looks-hint = Po tylu zdjęciach nikt tego dnia nie zobaczy następnego. Puste: bez limitu.
looks-set = Ustaw
looks-wrong = Wpisz liczbę całkowitą od 0 do 10 000 albo nic.
overturned-heading = Jak utrzymały się decyzje
overturned-hint = Widzą to tylko operatorzy. Pokazuje, gdzie zasady są niejasne, a nie kto jest dobry.
overturned-undone = Cofnięte
overturned-appealed = Zaskarżone
overturned-overturned = Wygrane przez autora
overturned-banks = Z tego, co znalazły banki, trafne było { $right } z { $judged }.
overturned-banks-none = Nikt jeszcze nie ocenił tego, co znalazły banki.
overturned-command-line = Wiersz poleceń
appeal-own = To twoja decyzja. Na odwołanie odpowiada ktoś inny.
appeal-no-answer = Kto się odwołał, przeczyta dlaczego: napisz to, najwyżej 10 000 bajtów. Niczego nie wysłano.
facts-reported = { $notices ->
    [one] Zgłoszono to raz: { $category }.
    [few] Zgłoszono to { $notices } razy: { $category }.
    [many] Zgłoszono to { $notices } razy: { $category }.
   *[other] Zgłoszono to { $notices } raza: { $category }.
}
facts-filed = Zgłosił to zarejestrowany podmiot ({ $kind }): { $category }.
facts-ordered = Wydano w tej sprawie nakaz ({ $kind }): { $category }.
facts-matched = To kopia czegoś, co wcześniej ograniczono, albo coś bardzo podobnego.
ask-notifier = Zapytaj zgłaszającego
ask-label = Czego chcesz się dowiedzieć?
ask-hint = Pytanie stoi pod linkiem jego potwierdzenia i tam można odpowiedzieć. Żadna ze stron nie dowie się, kim jest druga.
ask-send = Zapytaj
ask-asked = Pytanie:
ask-answered = Odpowiedź:
ask-waits = Nikt jeszcze nie odpowiedział.
told-asked = Pytanie czeka na zgłaszającego.
receipt-asked = Rozstrzygający ma pytanie
receipt-answer = Twoja odpowiedź
receipt-send = Wyślij odpowiedź
act-notifier-asked = Zapytano zgłaszającego
act-case-taken = Przejęto sprawę od kogoś
act-case-assigned = Przekazano sprawę
act-case-noted = Zapisano notatkę o sprawie
act-looks-set = Ustawiono limit obejrzeń
