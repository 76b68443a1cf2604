# English
brand = Handbill
skip = Skip to the content
nav-label = Site
nav-new = New post
nav-newest = Newest
nav-about = About
nav-contact = Contact
announcement-label = Announcement of this site
nav-language = Language of this page

composer-heading = Post it. Get a link.
composer-lead = A photo, a video or a few words. No account needed.
composer-files = Choose photos and videos
composer-limits = { $files ->
    [one] One file, up to { $size }.
   *[other] Up to { $files } files, { $size } each.
}
composer-options = More options
composer-publish = Publish
composer-promise = Location and camera details are removed from your files before anybody sees them.
composer-kept = Nothing was published. Your words are still here; please choose your files again.
refused-count = { $files ->
    [one] One file was not taken:
   *[other] { $files } files were not taken:
}
refused-more = { $files ->
    [one] And one more file, for the same kind of reason.
   *[other] And { $files } more files, for the same kind of reason.
}
file-nameless = File without a name

composer-drop = You can also drop or paste them anywhere on this page.
composer-camera = Take a photo
draft-kept = Your words are kept as a draft, on this device only.
draft-forget = Discard the draft

files-label = Your files
composer-choose = Choose files
password-again = Type the password again: it is never kept. Without one, the post is open to everybody who has its link.
publish-back = Back to the post
publish-patience = The site asks for patience
publish-proving = One moment
publish-proving-words = Very much is being posted from your network. Your device solves a small task so that your post comes before what machines send; it goes out by itself then.
paying-words = Very much is being sent from your network. Your device solves a small task so that what you wrote comes before what machines send; it is sent by itself then. Keep this page open.
paying-bar = How far the task is
published-later = Others see your post from this time on:
published-plain-links = Because of the way it came, links in it are shown as plain words until
published-empty = Your post is empty.
published-taken = We have it.
post-waiting-until = Waiting. This is to be public at { $time }.
manage-waiting = Nobody but you sees this post until somebody has looked at it.
manage-waiting-until = Nobody but you sees this post until { $time }.
outcome-all-ready = Everything is ready and can be seen.
link-copied-manage = The manage link is in your clipboard. Keep it to yourself.
mine-forget-sure = Forget all posts of this list, with their manage links? The posts themselves stay.
mine-not-kept = This browser does not let the site keep anything. Save the manage link yourself.
upload-progress = Progress
upload-waiting = waiting its turn
upload-left = { $time } left
upload-ready = ready
upload-arrived = arrived
upload-all-arrived = All files have arrived.
upload-others-arrived = The others have arrived.
upload-offline = No connection. It goes on by itself as soon as there is one.
upload-again = The connection broke off. Trying again…
upload-missing = Choose this file once more, and the rest of it is sent.
upload-changed = was changed or moved on your device while it was being sent. Choose it again.
upload-gone = took too long, and the site gave it up. Send it again.
upload-failed = could not be sent. Try again.
upload-other = This is another file. Choose { $name }, or remove it here.
upload-twice = { $name } is in the list already.
upload-removed = { $name } is removed.
upload-too-many = A post holds { $files } files. Left out: { $count }. Put them into another post.
upload-retry = Try again
upload-choose = Choose again
upload-remove = Remove
upload-words = Caption and cover
field-still-of = Show it
still-of-nothing = By itself
still-of-video = Before this video plays: { $name }
still-of = shown before { $name } plays
order-handle = Move
order-earlier = Move up
order-later = Move down
order-moved = { $name }: place { $place } of { $count }.

editor-tools = Formatting
editor-bold = Bold
editor-italic = Italic
editor-heading = Heading
editor-list = List
editor-quote = Quotation
editor-link = Link
editor-code = Code
editor-picture = Picture between paragraphs
editor-picture-which = Which one?
editor-picture-none = Choose photos or videos first; then they can be put between paragraphs.
editor-picture-close = Cancel
editor-preview = Preview
preview-empty = What you write is shown here as readers will see it.

publishing = Publishing…
published = It’s out.
publish-waiting = Waiting for a connection
publish-waiting-words = Your post is kept on this device and goes out by itself as soon as there is a connection. Its link then stands here.
publish-failed = The post could not be published. Please try again in a minute.
publish-nothing-left = None of the files could be taken, so nothing was published.
link-copied = The link is in your clipboard.
link-by-hand = Here is your link.
link-select = This browser does not let the page copy. The link is selected: copy it with your keyboard or your finger.
link-copy = Copy link
link-copy-manage = Copy manage link
link-share = Share…
link-code = QR code
link-code-alt = The link as a QR code
outcome-arriving = Your files are still on their way. Keep this page open until they have arrived.
outcome-all-arrived = All files have arrived. You can close this page.
outcome-missing = Not all files have arrived.
outcome-left-out = Files not taken: { $count }. The list says why.
outcome-others-arrived = The others have arrived. You can close this page.
outcome-others-ready = The others are ready and can be seen.
outcome-more = Links and files

mine-remember = Remember my posts in this browser
mine-remember-words = With their manage links: whoever uses this browser can edit and delete them.
mine-heading = Your posts in this browser
mine-words = Kept on this device only. The site does not know which posts are yours.
mine-manage = Manage
mine-forget = Forget
mine-forget-all = Forget all
mine-export = Save the list as a file

viewer-label = Pictures, large
viewer-close = Close
viewer-zoom = Zoom
viewer-previous = Previous picture
viewer-next = Next picture
viewer-error = The picture could not be loaded.

field-title = Title
field-text = Words
field-caption = Caption
field-alt = Description for people who cannot see it
field-language = Language of the post
field-listed = Listed
field-sensitive = Sensitive
field-expires = Delete by itself
hint-markdown = You can use Markdown: **bold**, *italic*, lists, links.
hint-place-before = On a line of its own,
hint-place-sample = ![what it shows](media:1)
hint-place-after = puts the first file between paragraphs.
hint-sensitive = Covered until the reader asks to see it.
hint-listed = May appear on public lists and in search engines. Otherwise only people with the link find it.
hint-alt = A description is read aloud to people who cannot see the picture.
language-detect = Detect
expires-never = Never
expires-1h = After an hour
expires-1d = After a day
expires-1w = After a week
expires-1m = After 30 days
expires-1y = After a year

newest-heading = Newest posts
newest-lead = What people have put on this list, the newest first.
newest-empty = Nothing is here yet.
newest-older = Older posts
newest-feed = As a feed (Atom)

post-untitled = Post
post-edited = edited
post-expires = disappears on
post-processing = { $media ->
    [one] One file is still being prepared. This page refreshes by itself.
   *[other] { $media } files are still being prepared. This page refreshes by itself.
}
medium-processing = Being prepared
medium-percent = { $percent }%
medium-waiting = Waiting. This is not public yet.
post-waiting = Waiting. These words are not public yet.
medium-queued = Waiting for its turn
medium-download = Download ({ $size })
medium-remove = Remove this file
medium-remove-sure = The file is deleted for good. Changes that you have not saved are lost.
medium-remove-yes = Remove for good
media-photo-number = Photo { $number }
media-animation-number = Animation { $number }
media-video-number = Video { $number }
cover-title = Sensitive content
cover-words = Decide for yourself whether you want to see this. Nothing has been loaded yet.
cover-show = Show it
cover-medium-words = Decide for yourself whether you want to see this.
media-number = File { $number }
share-heading = Share
share-link = Link to this post
share-zip = All files in one
share-zip-size = ZIP, { $size }
share-embed = Embed
share-embed-code = Code for your page
new-tab = (opens in a new tab)

manage-heading = Manage your post
manage-published = It’s out.
manage-published-lead = Share the first link with anybody. Keep the second for yourself.
manage-saved = Your changes are saved.
manage-saving = Saving…
manage-failed = Your changes could not be saved. Please try again in a minute.
manage-processing = { $media ->
    [one] One file is still being prepared. The link works already.
   *[other] { $media } files are still being prepared. The link works already.
}
manage-look-again = Look again
manage-link = Link to share
manage-open = Open the post
manage-secret = Manage link, only for you
manage-lost = Lost means lost: keep it.
manage-lost-words = Whoever has this link can edit and delete the post, and nobody can give it back to you.
manage-edit = Edit
manage-save = Save changes
manage-delete = Delete the post
manage-delete-words = The post and all its files disappear at once and for good.
manage-delete-open = Delete…
manage-delete-sure = This cannot be undone.
manage-delete-yes = Delete for good

message-home = Go to the first page
message-not-found = There is nothing here
message-not-found-words = Perhaps a letter of the link got lost. Check it, or ask the person who sent it.
message-gone = This post is gone
message-gone-words = Its author deleted it, its time was up, or it was opened as often as it was meant to be. It cannot be brought back.
message-deleted = Deleted
message-deleted-words = The post and its files are gone for good. Its link now says so.
message-bad-request = That did not work
message-bad-request-words = The request was incomplete or garbled. Go back and try again.
message-too-large = That is too much
message-too-large-words = What you sent is larger than this site takes. Try a smaller or shorter file.
message-unsupported = This cannot be posted here
message-unsupported-words = Only photos, videos and words can be posted.
message-too-many = A little slower, please
message-too-many-words = There were many requests from your connection. Wait a minute and try again.
message-internal = Something broke on our side
message-internal-words = It is not your fault, and it has been noted. Please try again in a minute.
message-unavailable = Back in a moment
message-unavailable-words = The site cannot do this right now. Nothing that was published is lost. Please try again in a minute.

error-not-multipart = The request is not a form (multipart/form-data). Post with the page’s own form, or with curl -F file=@photo.jpg.
error-too-many-parts = The request has more parts than may come at once. Send it in several.
error-not-json = The request’s body is not JSON. Send it as application/json.
error-bad-json = The request’s JSON cannot be read: a field is wrong, unknown or missing.
draft-no-password = An empty password locks nothing. Leave it out, or send null, for a post without one.
error-changed = The post was changed in the meantime. Read it again, and send the change with its revision.
error-not-found = There is nothing at this address.
error-prove = The challenge in this answer, solved, is taken at once instead.
error-not-list = Send the list as text/csv or application/x-ndjson.
error-signature = The signature of this request is missing or not good.
error-bad-list = This list cannot be read.
error-no-secret = The manage secret is missing. It is the last part of the manage link.
error-interrupted = The connection broke off before everything had arrived, so nothing was published. Check your connection and try again.

budget-posts = Many posts have come from your connection lately, perhaps not all of them from you. What you have posted stays.
budget-uploads = Many uploads were begun from your connection lately. Those that are under way go on.
budget-open-uploads = Many uploads are under way from your connection. They go on; new ones can begin when some of them are done.
budget-bytes = A great deal was sent from your connection today. What is under way goes on, and what you have posted stays.
budget-guesses = Several wrong passwords have come from your connection.
budget-guesses-of-post = Many wrong passwords were tried on this post, so it takes no more for now.
budget-manage-guesses = Several manage links that do not exist were opened from your connection.
budget-sign-ins = Several sign-ins from your connection failed.
again-minutes = { $minutes ->
    [one] Please try again in a minute.
   *[other] Please try again in { $minutes } minutes.
}
again-hours = { $hours ->
    [one] Please try again in an hour.
   *[other] Please try again in { $hours } hours.
}

problem-empty = is empty. Check that it opens on your device, then choose it again.
problem-not-media = is neither a photo nor a video. Choose a photo or a video.
problem-unsupported = has a format that cannot be shown here. Save it as JPEG, PNG or MP4 and try again.
problem-corrupt = is damaged or incomplete. Check that it opens on your device, or choose the original.
problem-too-large = is larger than { $size }. Make it smaller or shorter.
problem-too-many-pixels-exact = has more than { $pixels } pixels. Make it smaller and try again.
problem-too-many-pixels = { $megapixels ->
    [one] has more than one megapixel. Make it smaller and try again.
   *[other] has more than { $megapixels } megapixels. Make it smaller and try again.
}
problem-too-many-frames = { $frames ->
    [one] has more than one frame. Shorten it, or post it as a video.
   *[other] has more than { $frames } frames. Shorten it, or post it as a video.
}
problem-too-long-exact = is longer than { $time } (minutes and seconds). Cut it into parts.
problem-too-long = { $minutes ->
    [one] is longer than one minute. Cut it into parts.
   *[other] is longer than { $minutes } minutes. Cut it into parts.
}
problem-not-photo = is a video, and only a photo can stand in a video’s place. Choose a photo.
problem-no-frames = contains no picture. Choose a video that shows something.
problem-too-many-files = { $files ->
    [one] is one too many: a post holds one file. Put it into another post.
   *[other] is one too many: a post holds { $files } files. Put it into another post.
}
problem-no-space = found no room: the site’s disk is nearly full. Try again later.
problem-no-videos = is a video, and no videos are taken at the moment. Try again later.
problem-interrupted = did not arrive completely. Check your connection and choose it again.
problem-name = has a name that cannot be read. Give it a simpler name, then choose it again.
problem-too-demanding = took too much work to prepare. Try a smaller or shorter version.
problem-failed = could not be prepared, and the fault may be ours. Try again later.

draft-text-too-long = The text is longer than { $size }. Shorten it, or split it into several posts.
draft-line-too-long = { $characters ->
    [one] “{ $field }” is longer than one character. Please shorten it.
   *[other] “{ $field }” is longer than { $characters } characters. Please shorten it.
}
draft-language = This language is not known. Choose one from the list, or leave it to be detected.
draft-flag = “{ $field }” can only be on or off (1 or 0).
draft-expires = This end is not understood. Choose never, or from an hour to a year.
draft-nothing = There is nothing to post yet. Choose a file or write some words.
draft-unknown-field = The form has a field that this site does not know: { $field }. On a page, reload it and try again.

about-heading = A place for a handbill
about-lead = Post a photo, a video or words without an account, and share the link.
about-kept-heading = What is kept
about-kept = The words and files that you post, and when. No name, no e-mail address, no account. The manage link is kept only as a fingerprint from which it cannot be read back.
about-removed-heading = What is removed
about-removed = Place, time, camera, author and everything else that photos and videos carry unseen is removed before anybody can see them.
about-delete-heading = How to delete
about-delete = Open your manage link and choose to delete the post. It is gone at once, with all its files. Whoever has lost the link cannot get it back, and nobody else can give it to you.
about-contact-heading = Who runs this site
about-limits-heading = What fits
about-curl = Programs can post too: send a file with curl, and the answer is the link.

size-bytes = { $bytes ->
    [one] { $bytes } byte
   *[other] { $bytes } bytes
}
size-kilobytes = { $number } kB
size-megabytes = { $number } MB
size-gigabytes = { $number } GB
time-utc = { $time } UTC

locked-heading = This post is locked
locked-password-words = It opens with a password. Ask the person who sent you the link.
locked-press-words = It can be opened only a certain number of times. Opening it now uses up one of them.
locked-open = Open
field-password = Password
field-views = Times it can be opened
hint-password = Readers have to type it. Without it nobody sees anything of the post.
hint-views = After that many openings the post is gone. Empty: as often as anybody likes.
error-locked = This post is locked. Open its page to read it.
error-read-only = We take nothing new { $until }. Your words are kept here: come back with them then.
error-read-only-programs = We take nothing new { $until }. Try again then.
error-wrong-password = That is not the password. Check capitals and the keyboard’s language, and try again.
draft-password = The password is too long. Two hundred characters are the most.
draft-views = The number of openings is a whole number from 1 to a million. Leave it empty for as many as anybody likes.
draft-changed = The post was changed in the meantime, perhaps by you in another window. Your version is below and is not saved yet. Save again to put it in place of the other.
draft-upload = A file’s upload is not there any more, or belongs to another post. Choose the file again.
draft-still = Only a video can have a still, and a still is a photo.
draft-idempotency-key = The Idempotency-Key must be 22 to 200 printable ASCII characters.
draft-repeated = Another request was sent under this Idempotency-Key before. Use a new key for a new post.
draft-manage-secret = The manage secret must be 22 to 86 letters of base64url. Leave it out to get one.

tus-version = This upload speaks a version of the tus protocol that is not known here. Use 1.0.0.
tus-no-such-extension = The length of an upload must be told at its beginning, and uploads cannot be joined.
tus-no-length = Upload-Length is missing.
tus-no-offset = Upload-Offset is missing.
tus-number = A length or an offset is not a whole number.
tus-metadata = Upload-Metadata does not read: pairs of a key and a Base64 value, with commas between them.
tus-content-type = The bytes of an upload are sent as application/offset+octet-stream.
tus-algorithm = Upload-Checksum does not read: sha1, sha256 or md5, a space, and the sum in Base64.
tus-offset = The upload does not end there. Ask where it stands (HEAD) and go on from there.
tus-overtaken = Another request has gone on with this upload. Ask where it stands (HEAD) and go on from there.
tus-too-many = That is more than the upload’s length.
tus-checksum = The bytes did not arrive as they were sent. Send them again.
tus-interrupted = The bytes stopped coming. What has come is kept: ask where it stands (HEAD) and go on from there.
tus-stopping = The site is about to stop. What has come is kept: ask in a moment where it stands (HEAD) and go on from there.

manage-stands = What stands there now
manage-add = Add photos and videos
field-cover = Covered until the reader asks to see it
field-place = Place
medium-in-words = To put it between paragraphs, write on a line of its own:
field-still = Own still
hint-still = A photo that is shown in the video’s place before it plays, and in link previews.
field-own-frame = Use a frame of the video again
still-processing = Your still is being prepared.
expires-as-is = As it is
field-new-password = New password
hint-new-password = Leave it empty to keep the password. A new one locks out everybody who came in by the old one.
field-unlock = Remove the password
field-views-left = Times it can still be opened
draft-too-many-files = { $files ->
    [one] A post holds one file. Put the others into another post.
   *[other] A post holds { $files } files. Put the others into another post.
}

medium-not-shown = A file of this post could not be shown.
draft-twice = “{ $field }” was sent more than once. Send it once.
message-no-such-method = That cannot be done here
message-no-such-method-words = This address takes no request of that kind. The documentation says which it takes.
post-processing-look = { $media ->
    [one] One file is still being prepared.
   *[other] { $media } files are still being prepared.
}
manage-last-medium = This is all there is of the post. To take it away, delete the post below.
about-sharex = Configuration for ShareX
about-api = Description of the API
state-open = Anybody with the link can see it.
state-listed = Anybody can see it, and it may stand on public lists.
state-password = Only those who have the password can see it.
state-views = { $views ->
    [one] It can be opened once more, then it is gone.
   *[other] It can be opened { $views } more times, then it is gone.
}
state-sensitive = It is covered until the reader asks to see it.
state-plain-links = Because of the way it came, links in it are shown as plain words until { $time }.
state-expires = It disappears on
manage-media = Photos and videos

# The console.
console-title = Console
console-nav = Console
console-home = You
console-people = People
console-audit = Audit trail
console-sign-in = Sign in
console-sign-out = Sign out
field-name = Name
field-role = Role
field-code = Code
role-operator = Operator
role-moderator = Moderator
role-party = Registered party
hint-code = Six digits from your app. Each code is good once.
sign-in-failed = That did not work. Name, password and code have to be right together; if you have used this code before, wait for the next one.
passkey-sign-in = Sign in with a passkey
passkey-failed = That passkey did not work here. Try once more, or use the form below.
passkey-or-password = or with a password and a code
home-lost = A new phone, or one that is lost? An operator gives you a new link.
home-everywhere = Sign out everywhere
home-everywhere-hint = Ends all your sessions, on this device and every other.
enrol-heading = Your place in the console
enrol-until = Link good until
enrol-passkey = With a passkey
enrol-passkey-words = Your phone, computer or security key keeps it. There is nothing to remember, and it works on this site alone.
enrol-passkey-make = Make a passkey
enrol-app = A code from an app
enrol-app-words = Scan this with an app that makes codes, such as Aegis, Ente Auth or your password manager.
enrol-qr = QR code for your app
enrol-key = Or type this key
enrol-open-app = Open in an app on this device
enrol-password = A password
enrol-password-hint = { $characters } characters or more. A few words are easier to remember than signs.
enrol-first-code = The code that your app shows now
enrol-submit = Finish
enrol-error-password = The password needs { $characters } characters or more.
enrol-error-code = This code is not right. Take the one that your app shows at this moment; is your phone’s clock set by itself?
people-add = Add somebody
people-add-submit = Add
people-roles = An operator may do everything. A moderator sees what waits and decides on it.
people-link = A link for
people-link-hint = It is shown this once. Hand it to this person alone: whoever opens it decides here. Good once, until { $time }.
people-error-name = A name has 1 to 64 characters, all of which can be seen.
people-error-taken = Somebody of this name is here already.
people-error-oneself = Nobody shuts themselves out. Another operator can do it.
people-error-suspended = They are shut out. Let them in again first.
people-error-changed = That could not be done: somebody else has just changed something. This is how it stands now.
person-you = you
person-passkey = Signs in with a passkey
person-password = Signs in with a password and a code
person-waiting = Has not used the link yet; it is good until { $time }
person-link-ended = The link has ended without being used
person-suspended = Shut out since { $time }
person-link = New link
person-suspend = Shut out
person-resume = Let in again
audit-when = When
audit-who = Who
audit-what = What
audit-whom = To whom or what
audit-command-line = Command line
audit-newest = Newest
audit-older = Older
act-person-added = Person added
act-link-made = New link made
act-enrolled = Enrolled
act-signed-in = Signed in
act-sign-in-failed = Sign-in failed
act-signed-out = Signed out
act-signed-out-everywhere = Signed out everywhere
act-suspended = Shut out
act-resumed = Let in again
telling-operators = This page is for operators
telling-operators-words = You are signed in as a moderator. Ask an operator for what you need here.
telling-link = This link is no longer good
telling-link-words = It has been used, has ended, or is not whole. Whoever gave it to you can make another.
telling-nothing = There is nothing here
telling-nothing-words = No case, request or person is known by this link, or not any more.
telling-elsewhere = Nothing was done
telling-elsewhere-words = What was sent did not come from a page of this console. Open the console and do it there.
unsent-heading = Your session has ended
unsent-words = Nothing was done yet, and what you wrote is still here. Sign in in another tab, come back to this one, and send it.
unsent-send = Send it now
telling-deciders = Not this page
telling-deciders-words = Here the people who run this site decide. You file for a registered party, which has pages of its own.
telling-back = To the console
nav-policy = Rules
report-this = Report this
report-heading = Report something
report-lead = Say what is wrong, and whoever runs this site will look at it and decide. You need no account and need not say who you are.
report-about = What is it about?
report-about-post = The post as a whole
report-about-medium = Picture or video { $number }
report-category = What is wrong?
report-life = If somebody is in danger right now, call the emergency services first.
report-explanation = Why?
report-explanation-hint = What is to be seen or read, and why it should not stand. If you know a law that forbids it, name it.
report-who = Who you are, if you want to say
report-who-hint = A report without a name is looked at too; one with a name counts for more. For pictures of abused children no name is asked for. Your name is not shown to the poster.
report-name = Your name
report-email = Your mail address
report-good-faith = As far as I know, all of this is true.
report-send = Send the report
report-promise = You get a link under which you read what was decided.
category-life-in-danger = Somebody’s life is in danger
category-child-abuse = A child is abused or shown sexually
category-terrorism = It calls for terrorism or praises it
category-intimate-images = Intimate pictures of somebody who did not agree
category-violence = It threatens somebody or calls for violence
category-hate = It stirs up hatred of people for what they are
category-privacy = It shows private things, such as where somebody lives
category-fraud = It tries to get money or passwords by deceit
category-copyright = It is my work, or somebody else’s
category-other-illegal = It is against the law in another way
category-policy = It is against the rules of this site
notice-kind = There is no report of this type.
notice-unregistered = Only a registered party sends this type, and signs it. Send it as “notice”.
notice-category = Choose what is wrong.
notice-explanation = Say why.
notice-too-long = Your explanation is longer than 10,000 bytes. Shorten it.
notice-name = The name is longer than 200 letters. Shorten it.
notice-email = This is not a mail address. Correct it, or leave it empty.
notice-good-faith = Confirm that this is true as far as you know.
notice-reason = The reasons are the letters a to e of Annex I, or their names.
notice-time = This is no moment. Write it like 2026-11-26T12:00:00Z.
notice-secret = Only an order may forbid to tell the poster.
notice-nothing = None of these links leads to something that stands here.
budget-notices = Those are very many reports.
budget-appeals = Those are very many complaints.
receipt-heading = Your report
receipt-filed = Thank you. It was received.
receipt-lead = Somebody will look at it and decide. Come back to this page to read what was decided.
receipt-came = Received
receipt-open = Nobody has decided yet.
receipt-gone = It is gone: its poster deleted it, or its time was over.
receipt-left = It was looked at, and stays as it is.
receipt-covered = It was covered: visitors are asked before they see it.
receipt-removed = It was removed.
receipt-restored = Something was done about it. Whoever posted it complained and was right: that does not apply to it any more.
receipt-redress = If you think that this is wrong, write to whoever runs the site, and name this page. You can also turn to a court.
receipt-machines = A person decided. Software only looked for what is alike.
receipt-link = Link of this page
report-email-mailed = We write to it that the report came, with its link, and once more when it was decided. Nobody else sees it, and it is deleted six months after the decision at the latest.
report-email-kept = This site sends no mail by itself: the address is for whoever decides, if they have a question. Nobody else sees it, and it is deleted six months after the decision at the latest.
receipt-keep = Keep it to yourself: whoever has it reads what you read here.
receipt-mailed = It is also sent to the address that you gave, if mail arrives there, and so is what will be decided.
receipt-not-mailed = It is not sent to you and cannot be found again.
receipt-no-mail = Do not write to me
receipt-stopped = Your address is forgotten. Nobody writes to it any more.
case-mail-refused = Mail to whoever reported it was refused, and the address forgotten.
case-mail-given-up = Mail to whoever reported it could not be sent for four days.
letter-receipt-subject = Your report was received
letter-receipt = Somebody reported something to { $site } on { $date } and gave this address. It was said to be:
letter-receipt-next = A person looks at it and decides. What was decided will stand under this link:
letter-receipt-keep = Keep the link to yourself: whoever has it reads what you read. You get one more mail when it was decided.
letter-not-you = If it was not you: open the link and choose “Do not write to me”. This address is then forgotten.
letter-question-subject = A question about your report
letter-question = Before it is decided, somebody wants to know something of you. You read the question, and answer it, under the link in the mail that told you that your report was received. Nobody learns from this who you are.
letter-decision-subject = Your report was decided
letter-decision = You reported something to { $site } on { $date }. It was said to be:
letter-more = and { $more } more
letter-redress = If you think that this is wrong, write to whoever runs the site ({ $contact }) and name the decision { $number }. You can also turn to a court.
letter-reply-subject = Answer to your request { $reference }
letter-reply = This is the answer of { $site } to your request { $reference }.
letter-reply-whole = The whole answer stands on the site, for whoever signs in there and under the link of your receipt.
removed-heading = This was removed
withheld-heading = This is not shown in your country
removed-why = Who decided that, and why
removed-complain = If it was yours, your manage link shows the reasons and takes an appeal. Everybody else can write to whoever runs this site, or turn to a court.
removed-yours = Your post was removed
removed-yours-lead = Nobody sees it any more. It has not been destroyed: if you are right, it comes back as it was.
error-removed = It was removed:
error-withheld = It is not shown in your country:
medium-removed = This was removed.
concerned-heading = A decision on your post
concerned-undone = This decision does not apply to your post any more.
concerned-back = What was removed is back, or on its way back.
concerned-media = { $media ->
    [one] It is about one picture or video of your post. The rest stands as it was.
   *[other] It is about { $media } pictures and videos of your post. The rest stands as it was.
}
statement-what = What was done
statement-removed = Removed: nobody sees it any more
statement-covered = Covered: visitors are asked before they see it
statement-withheld = Withheld in some countries
statement-where = Where, and for how long
statement-everywhere = In every country, without an end. It ends if the decision is undone.
statement-ground = On what ground
statement-policy = The rules of this site:
statement-law = The law:
statement-facts = What happened
statement-origin = How it came up
statement-by-notice = Somebody reported it.
statement-facts-alike = What happened with what it is like
statement-by-alike = Software found that it is like something that was reported, and a person took it in.
statement-by-match = Software found that it is like something that was removed before.
statement-machines = What software did
statement-machines-words = It looked for what is alike, and decided nothing.
statement-by-person = A person decided.
statement-when = When
statement-number = Number of the decision
statement-redress = What you can do
statement-redress-words = You can appeal here, free of charge: a person looks at it again and answers within two weeks. You can also turn to a body for out-of-court settlement, if one is certified in your country and takes the case (Digital Services Act, Article 21), and at any time to a court.
appeal-heading = Your appeal
appeal-words = Why is this wrong?
appeal-hint = It costs nothing, and is answered within two weeks by a person. You can appeal until
appeal-send = Appeal
appeal-open = Nobody has answered yet. You will read the answer here before
appeal-upheld = It was looked at again, and the decision stands. You can still turn to a court.
appeal-overturned = You were right.
appeal-taken = Your appeal was received.
appeal-before = You have appealed already. The answer will stand here.
appeal-too-late = This decision can no longer be appealed.
appeal-no-words = Say why, in at most 10,000 bytes.
policy-description = What may not be posted here, and how decisions are made.
policy-version = Version { $version }
policy-in-force = In force since
policy-was-until = This is an earlier version. It was in force until
policy-now = Read what is in force now
policy-not-translated = These rules are not written in your language. You read them in:
policy-languages = In other languages:
policy-contact = How to reach whoever runs this site
policy-versions = All versions
policy-versions-words = A decision names the version that was in force when it was made. No version is ever changed.
contact-description = How users, authorities and orders reach whoever runs this site.
contact-who = Who runs this site
contact-country = Established in:
contact-none = No way is given.
contact-users = For everybody
contact-users-words = With questions, complaints and everything else, write to a person (Digital Services Act, Article 12):
contact-authorities = For authorities
contact-authorities-words = Authorities of the EU’s member states, the Commission and the Board reach us directly here (Digital Services Act, Article 11):
contact-languages = Languages:
contact-orders = Orders to remove terrorist content
contact-orders-words = Contact point under Regulation (EU) 2021/784, Article 15, at any hour:
contact-orders-registered = An authority that is registered here files its orders on this site or by a signed request: that is the fastest way, and the clock and the receipt are the same.
contact-representative = Legal representative in the EU
contact-report = Report something
contact-report-words = Under every post and every picture is a link “Report this”. It needs no account and no name, and gives you a link under which you read what was decided.
contact-programs = Programs send the same to POST /api/v1/notices.
contact-register = Register as an authority or a trusted flagger
contact-register-words = Write to the address for authorities and say which office you are, for which country, and in which languages you work. Who you are is then checked by another way than your message, such as a call to a number that is published elsewhere. After that you sign in here, or sign your requests (RFC 9421, Ed25519).
contact-register-proof = A message alone proves nobody’s identity: until then, what you send is taken as anybody’s report.
contact-missing = What is not told here
contact-missing-reach = A way to reach whoever runs this site.
contact-missing-name = Who runs it.
contact-missing-address = An address for letters.
contact-missing-languages = The languages in which authorities may write.
contact-missing-country = The country in which they are established.
contact-missing-representative = A legal representative in the EU, though they are established elsewhere.

console-queue = Queue
console-case = Case
console-decisions = Decisions
console-appeals = Appeals
console-banks = Banks
queue-open = { $cases ->
    [0] Nothing waits for you.
    [one] One case waits for a decision.
   *[other] { $cases } cases wait for a decision.
}
queue-waiting = { $waiting ->
    [one] One post waits for a look.
   *[other] { $waiting } posts only wait for a look.
}
queue-appeals = { $appeals ->
    [one] One appeal waits for an answer.
   *[other] { $appeals } appeals wait for an answer.
}
queue-empty = The queue is empty.
case-due = Due
case-opened = Opened
case-of-medium = a picture or video
case-of-post = a post
case-by-lever = Waits for a look
case-edited-since = Its poster has changed it since this page was drawn. Look at what it says now, and decide again: what you typed is still here.
case-notices-most = The first fifty are here; the others came later.
case-notices-rest = { $notices ->
    [one] One more report
   *[other] { $notices } more reports
}
case-take-all = Take all in, or none
case-by-match = Found by a bank
queue-held = { $held ->
    [one] One is held for the same
   *[other] { $held } are held for the same
}
bank-precision = the bank was right { $right } of { $judged } times
bank-unjudged = nobody has judged the bank yet
rank-total = Rank
rank-clock = clock
rank-source = source
rank-severity = severity
rank-sureness = sureness
rank-reach = reach
case-closed = This case is closed.
case-held = Nobody sees it until it is decided.
case-because = It waits for a look because of a lever:
case-notices = { $notices ->
    [0] Nobody reported it
    [one] One report
   *[other] { $notices } reports
}
case-says-now = What it says now
case-says-nothing = It has no words any more.
case-edited = The post was edited since it was reported. Below stands what it said then.
case-anonymous = without a name
case-match = Like what is known to the bank
case-times-opened = opened: { $times }
case-sure = { $percent }% sure
case-subject = What it is about
case-never-shown = Its pictures are never shown here. Decide by what was reported and by what is known.
case-media = { $media ->
    [one] Look at the picture
   *[other] Look at { $media } pictures
}
case-media-hint = They are small, grey and blurred. Keep the key, the pointer or a finger on one, and it grows sharper by degrees; let go, and it is blurred again.
case-alike = { $members ->
    [0] Nothing else is like it
    [one] One more is like it
   *[other] { $members } more are like it
}
case-alone = A decision is for this alone.
case-take = Keep this choice
case-step = Move by
case-tick = Take in or leave out by
case-decide = Decide
case-hold = Hide it until it is decided
case-let-go = Let everybody see it
case-release = Show it again until it is decided
case-action = What shall be done?
action-remove = Remove it
action-cover = Cover it
action-withhold = Withhold it in some countries
action-no-action = Leave it as it is
case-with-alike = Cover, withhold or leave everything alike that is chosen, too
case-with-media = Hold its pictures and videos, too, wherever else they are or come
case-clause = On the ground of
case-by-law = The law (name it below)
case-law = Which law, if it is a law
case-facts = What happened, for the poster
case-facts-hint = The poster reads these words. Do not repeat what is bad, and do not name who reported it.
case-do = Decide
case-too-late = Somebody else has decided, or it is gone.
decision-action = Say what shall be done.
decision-ground = Say on what ground: a clause, or which law.
decision-facts = Say what happened, in words for the poster.
decision-too-long = Your words are longer than 10,000 bytes. Shorten them.
decision-countries = Say in which countries, by two letters each: PL, DE, or EU for all of the Union.
decision-ordered = An order that binds wants this gone. Remove it; or say on the order’s page, under Requests, why it cannot be carried out, and decide then.
decision-no-countries = The site does not know which country somebody asks from. Supply a country database ([geography] in the configuration), or decide otherwise.
case-countries = Countries (only to withhold), such as PL, DE or EU
case-bank = The bank that learns it
decision-no-bank = The bank that you chose was removed meanwhile, or only counts. Choose another one.
decision-no-clause = The rules were changed meanwhile and have no such clause any more. Choose another one.
reach-in-posts = { $count ->
    [one] { $count } post
   *[other] { $count } posts
}
reach-media = { $count ->
    [one] { $count } picture or video
   *[other] { $count } pictures and videos
}
reading-exact = the same file
reading-pdq = the same picture (PDQ)
reading-keypoints = parts of the picture
reading-frames = frames of a video
reading-text = the words
reading-links = the same links
reading-url = the same link
reading-domain = the same domain
reading-tlsh = similar words (TLSH)
reading-mirrored = mirrored
reading-turned = turned
reading-trimmed = without its border
reading-uncaptioned = without its caption bar
reach-left = { $count } left out
reach-held = { $count } held
reach-unsure = { $count } less sure than usual: look first
reach-given-back = { $count } given back after an appeal
told-decided = It is decided.
told-undone = The decision was undone. What was removed is back, or on its way back.
told-undone-else = The decision was undone: it stands as it did before.
told-held = Nobody sees it now.
told-released = It can be seen again.
told-taken = Your choice is kept.
banks-lead = What this site knows again. What is put in and taken out is done at the command line.
banks-none = There is no bank yet.
bank-holds = Holds what is like something in it until somebody decides
bank-covers = Covers what is like something in it
bank-logs = Counts what is like something in it
bank-negative = Lets pass what was mistaken for something else
bank-signals = signals:
bank-matched = matches:
bank-held = held:
bank-distrusted = was often wrong, and only counts since { $time }
bank-trust = Let it act again
told-trusted = The bank acts again.

# The site’s state, alarms, and nobody at home.
console-watch = Watch
watch-at = As of
watch-well = All is well
watch-troubles = { $troubles ->
    [one] One thing wants you
   *[other] { $troubles } things want you
}
watch-away-link = If nobody is at home
watch-lever = Pulled { $until }: { $lever }
watch-storm = A storm: far more is asked for than anybody’s share, and newcomers stand in line.
watch-webhook-lost = The webhook was not reached, and was given up: somebody may not have been told.
watch-late = { $cases ->
    [one] The time of one case has gone.
   *[other] The time of { $cases } cases has gone.
}
watch-hour = { $cases ->
    [one] One case is due within the hour.
   *[other] { $cases } cases are due within the hour.
}
watch-jobs-dead = Jobs failed for good.
watch-second-looks = { $items ->
    [one] One entry of a bank would reach much that nobody reported. It only counts until you have had a look.
   *[other] { $items } entries of banks would reach much that nobody reported. They only count until you have had a look.
}
watch-mail-lost = { $mails ->
    [one] One mail was refused or given up in the last 24 hours.
   *[other] { $mails } mails were refused or given up in the last 24 hours.
}
watch-uploads = Uploads
watch-reports = Reports
watch-posts = Posts
watch-matches = What banks found
watch-bank = Bank
watch-day = Last 24 hours
watch-held = Held
watch-right = How often right
watch-distrusted = only counts
watch-sources = By source
watch-source = Source
watch-busy = Under load
watch-busy-hint = Parts of the net that use much of what one may. Their names are made up, mean nothing elsewhere and change every day.
watch-busy-none = Nobody uses much.
watch-used = { $percent } % of it used
watch-parts = The machine
watch-dead = Jobs that failed
watch-dead-none = None.
watch-tried = { $times ->
    [one] queued on { $time }, tried once
   *[other] queued on { $time }, tried { $times } times
}
watch-retry = Try again
watch-alarms = Alarms
watch-alarms-none = None so far.
watch-test = Send a test alarm
watch-nobody-told = Nobody is told of them: set alarms.mail or alarms.webhook in the configuration.
watch-by-mail = By mail to { $addresses }.
watch-by-webhook = To { $host }.
watch-webhook-failed = It did not take the last one ({ $answer }; tried { $times ->
    [one] once
   *[other] { $times } times
}).
watch-quiet = Quiet from { $from } to { $to } ({ $zone }): then only orders.
told-retried = It is tried again.
told-tested = A test alarm is on its way.
told-here = You are at home.
chart-summary = { $all } in 24 hours, { $now } in this one so far.
chart-usual = Usual for this hour: { $usual }.
chart-no-usual = What is usual is known after three days.
chart-numbers = As numbers
chart-hour = Hour
chart-count = Number
chart-usually = Usually
chart-key-hour = an hour (UTC)
chart-key-now = this one, not over
chart-key-unusual = far more than usual
chart-key-usual = usual
degraded-blobs = The store of photos and videos does not answer.
degraded-disk = The disk is nearly full: no new files are taken.
degraded-proxy = A web server stands before the site that server.trusted_proxies does not name: all visitors count as one.
degraded-sandbox-off = Strangers’ files are looked at without a sandbox, by the configuration.
degraded-sandbox = The sandbox does not work: no photo and no video can be prepared.
degraded-ffmpeg = ffmpeg does not start: no video can be prepared.
degraded-media = Photos and videos wait too long to be prepared.
degraded-deletions = Deletions wait too long to be done.
home-seen = You are at home: an operator was seen last on { $time }.
home-new = No operator was seen yet.
home-unseen = Nobody is at home: no operator was seen. The site has kept to what you chose since { $time }.
home-queue = Too much waits. The site has kept to what you chose since { $time }.
clock-late = Overdue
clock-hour = Within the hour
clock-day = Within a day
clock-later = Later
clock-none = No time set
reach-ipv4 = one IPv4 address
reach-ipv4-24 = 256 IPv4 addresses (/24)
reach-ipv6-64 = an IPv6 network (/64)
reach-ipv6-56 = an IPv6 home (/56)
reach-ipv6-48 = an IPv6 site (/48)
reach-ipv4-16 = an IPv4 provider (/16)
reach-ipv6-32 = an IPv6 provider (/32)
budget-post = posts
budget-upload = uploads begun
budget-open-upload = uploads under way
budget-byte = bytes
budget-guess = wrong passwords
budget-manage-guess = wrong manage links
budget-sign-in = failed sign-ins
budget-notice = reports
budget-appeal = complaints
job-prepare-media = Preparing a photo or video (its poster was told that it failed)
job-find-alike = Looking for what is like a case
job-search = Looking for what a bank has learnt
job-settle = Putting what was removed into quarantine
job-seal = Sealing evidence
job-restore = Bringing back what was removed
job-mail = Sending mail
job-webhook = Calling the webhook
job-delete = Deleting ({ $kind })
job-other = { $kind }
part-well = works
part-unwell = does not work
part-disk = Disk
part-disk-free = { $size } free
part-blobs = Photos and videos
part-database = Database
part-sandbox = Sandbox
part-jobs = Jobs
part-jobs-now = { $waiting } waiting, { $running } at work
part-mail = Mail
part-mail-now = { $sent } sent in 24 hours, { $waiting } waiting, { $lost } lost
part-mail-none = none is sent
alarm-quiet = waits for the end of the quiet hours
alarm-stands = so still
alarm-over = over
alarm-order = Half of the time for an order has gone, and its case is open.
alarm-queue = { $number ->
    [one] One case is open.
   *[other] { $number } cases are open.
}
alarm-wave = A wave: { $number } matches of one entry of the bank { $bank } in a short time.
alarm-wave-unnamed = A wave: { $number } matches of one entry of a bank in a short time.
alarm-alike = A wave: { $number } posts in a short time are alike, and no bank knows what is in them. The first one can be reported at the link.
alarm-job = { $number ->
    [one] One job failed for good: { $kind }.
   *[other] { $number } jobs failed for good: { $kind }.
}
alarm-disk = The disk is nearly full: { $size } are free.
alarm-away = Nobody is at home: the site keeps to what you chose for that.
alarm-test = This is a test. Nothing is the matter.
letter-alarms = { $site }: { $alarms } alarms
letter-alarms-state = How the site is now: { $link }
letter-alarm-raised = Since { $time }.
letter-alarm-over = It is over.
act-job-retried = A job that had failed was tried again
act-fell-back = Nobody was at home: the site kept to what was chosen
act-came-back = The site came back
length-hours = { $hours ->
    [one] one hour
   *[other] { $hours } hours
}
length-minutes = { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
}
away-heading = If nobody is at home
away-lead = When you are not seen for long, or more waits than you can decide, the site keeps to what you chose beforehand, says so to everybody, and comes back by itself.
away-here = I am here
away-here-hint = Whatever you do in the console says so too; a page that stays open does not.
away-come-back = I am here, come back
away-come-back-hint = Everything is as usual at once. If too much still waits, that no longer counts until the queue was short again.
away-rules = When
away-rules-none = Never: it is not set.
away-rules-hint = You choose it in [away] of the configuration.
away-rule-unseen = When no operator was seen for { $length }.
away-rule-queue = When more than { $cases ->
    [one] one case is
   *[other] { $cases } cases are
} open, until there are { $calm } or fewer.
away-rehearsal = Rehearsal
away-rehearsal-hint = What would happen now. Nothing of it is done.
away-begun = It has begun.
away-begins-now = It would begin at once.
away-begins = It would begin on { $time }, if you are not seen until then.
away-begins-queue = It would begin as soon as more than { $cases ->
    [one] one case was
   *[other] { $cases } cases were
} open.
away-never = It would never begin by itself.
away-deed-orders = Orders are acknowledged: their receipts say that nobody is at home. Their clocks run on.
away-deed-woken = You are woken at half of an order’s time.
away-deed-not-woken = Nobody is woken: alarms have no way to you.
away-deed-hold = { $cases ->
    [0] What orders to act are about would be held until you decide. None waits now.
    [one] What orders to act are about would be held until you decide: one case now.
   *[other] What orders to act are about would be held until you decide: { $cases } cases now.
}
away-deed-no-hold = What orders are about stays as it is until you decide.
away-poster = What posters would read
away-poster-words = Nobody who looks after this site is here right now.
away-poster-busy = More waits here right now than those who look after this site can look at.
away-order = Nobody who decides is here right now: your request is taken, and its time runs.
away-order-held = What it is about is hidden until they have decided.
away-again = Look again
decisions-none = Nothing has been decided yet.
decision-undo = Undo this decision
decision-undone = Undone
decision-destroyed = What it took away was destroyed
appeals-none = No appeal waits.
appeals-told-back = Answered: it comes back.
appeals-told-given-back = Answered: this post comes back, the rest stands as decided.
appeals-told-stands = Answered: the decision stands.
appeal-about = What was removed
appeal-about-hint = Opened for whoever answers, for as long as nobody has. It stays in quarantine, and its looks count like any other.
appeal-reach = The decision reached all of this, and if it is undone all of it comes back:
appeal-answer = Your answer, for the poster
appeal-overturn = They are right: undo the decision
appeal-give-back = Right for this post: give back this one alone
appeal-uphold = The decision stands
act-case-held = Hidden until it is decided
act-case-released = Let go: it is seen again
act-case-decided = Case decided
act-decision-undone = Decision undone
act-appeal-answered = Appeal answered
act-looked = Picture looked at
act-party-added = Party registered
act-party-checked = Party’s identity checked
act-party-suspended = Party suspended
act-party-resumed = Party may file again
act-key-added = Key given to a party
act-key-revoked = Key revoked
act-filed = Request filed
act-filing-answered = Request answered
act-silence-set = Silence of an order changed
act-policy-set = New version of the rules in force
act-match-released = Let go at the command line
act-match-kept = Kept hidden at the command line
act-bank-distrusted = Often wrong, so it only counts now
act-bank-trusted = Trusted again

portal-title = Portal
portal-mine = Your requests
portal-list = File a list
portal-list-way = Many at once: file a list (CSV or JSON lines)
portal-file = File a request
portal-none = Nothing has been filed yet.
portal-filed = It was received. This page is the receipt, and later the reply.
portal-part-order = The request
portal-part-content = What it is about
portal-part-secret = Whether the poster may be told
portal-part-redress = How it can be challenged
portal-send = File it
portal-send-hint = It is received in the moment in which you press, and the next page says so.
console-filings = Requests
console-parties = Parties
kind-notice = Notice (DSA, Article 16)
kind-trusted-flagger = Trusted flagger’s notice (DSA, Article 22)
kind-tco-referral = Referral of terrorist content
kind-voluntary-referral = Referral
kind-tco-removal-order = Removal order (TCO, Article 3)
kind-dsa-order = Order to act (DSA, Article 9)
kind-court-order = Court order to act
kind-dsa-information-order = Order to provide information (DSA, Article 10)
kind-court-information-order = Court order to provide information
kind-copyright = Copyright request
kind-privacy = Privacy request (GDPR, Article 17)
kind-preservation = Preservation request
kind-threat = Threat to life (DSA, Article 18)
follows-decide = It asks: the site decides by its own rules, and says what it decided.
follows-act = It binds, by the time that it states.
follows-hour = It binds, within one hour of its receipt.
follows-tell = It binds: the site answers what it holds.
follows-keep = It asks that what there is be kept.
fault-no-link = No link in it leads to anything that is or ever was on this site.
fault-reference = Your own reference is missing.
fault-ground = The ground is missing: say which reasons, or which law.
fault-issued = When it was issued is missing, or still to come.
fault-asked = Which information is asked for is missing.
fault-jurisdiction = Its sender seems to have no jurisdiction here.
inability-impossible = Force majeure, or impossible for objective technical or operational reasons
inability-errors = It contains manifest errors
inability-information = It does not contain sufficient information
reason-incites = (a) It incites to terrorist offences, such as by glorifying them
reason-solicits = (b) It solicits somebody to commit such offences, or to contribute to them
reason-participation = (c) It solicits somebody to take part in the activities of a terrorist group
reason-instructs = (d) It instructs how to make or use explosives, weapons or noxious substances, or in other methods
reason-threatens = (e) It threatens to commit a terrorist offence
party-authority = Authority
party-trusted-flagger = Trusted flagger
party-partner = Partner platform
filing-open = Received; nobody has decided yet
filing-done = Carried out
filing-decided = Decided
filing-cannot = Cannot be carried out
filing-told = Answered
filing-received = Received
filing-late = Was due
filing-links = { $links ->
    [0] no link
    [one] one link
   *[other] { $links } links
}
filing-faults = What is wrong with it, as far as software sees
filing-confirm = Software is not sure of this: confirm it by a decision, or by an answer.
filing-no-links = It names no link.
links-shown = Links { $first } to { $last } of { $all }
links-before = Links before these
links-after = Links after these
filing-silence = The poster must not be told
filing-silent-until = Nobody is told of it until
filing-silence-ended = That ended
filing-silence-longer = Once more as long
filing-silence-end = End it now
filing-tell = Say what there is
filing-tell-hint = These are facts about posts and files, never what they show. Read it, strike what is not asked for, then send it.
filing-send = Send the answer
filing-refuse = It cannot be carried out
filing-words = What exactly, and what should its sender clear up?
filing-words-hint = Its sender reads these words, in Annex III where it is a removal order.
filing-answered-before = It was answered before. A new answer takes the place of the old one.
filing-reply = What its sender reads now
filing-no-reason = Say why it cannot be carried out.
filing-done-already = It was carried out: all that it names is dark. Undo the decision first if it was wrong.
filing-no-words = Say it in words, at most 10,000 bytes.
filing-no-silence = This silence cannot be made longer.
filings-waiting = Waiting
filings-rest = All others, the newest first
filings-none = No registered party has asked for anything yet.
told-answered = The answer was sent.
told-silence = The silence was changed.
mark-unchecked = identity not checked
mark-suspended = suspended
mark-confirm = to be confirmed
mark-silent = poster must not be told before
mark-secret = poster must not be told
mark-unregistered = not registered
reply-annex-2 = Regulation (EU) 2021/784, Annex II
reply-annex-2-heading = Feedback following removal of terrorist content
reply-annex-3 = Regulation (EU) 2021/784, Annex III
reply-annex-3-heading = Information about the impossibility to execute the removal order
reply-cannot-heading = Why this cannot be carried out
reply-holdings-heading = Reply to the request for information
reply-received-heading = Acknowledgement of receipt
reply-outcome-heading = What was decided
reply-effect-heading = Effect given to the order
reply-sides = A. Who asked, and whom
reply-addressee = Addressee
reply-sender = Issued by
reply-kind = Kind of request
reply-their-reference = File reference of the sender
reply-our-reference = File reference of the addressee
reply-received = Received
reply-issued = Issued
reply-measures = B. Measures taken
reply-measure = Measure
reply-gone-before = Nothing of it stood any more: its posters had deleted it, or its end had come.
reply-measured = Date and time of the measure
measure-removed = The content has been removed
measure-disabled = Access to it has been disabled in all Member States
reply-inability = B. Why it cannot be carried out
reply-reason = Reason
reply-details = Further information
reply-clarify = What has to be cleared up
reply-answered = Said
reply-holdings = B. What there is
reply-we-hold = We hold
reply-effect = Effect
effect-given = Effect was given to the order.
effect-in-part = Effect was given to the order in part.
effect-not-given = No effect was given to the order.
reply-known = B. What is known so far
reply-due = To be done by
reply-no-clock = The time does not run until what is missing is cleared up.
reply-no-time = No time is set.
reply-faults = What is missing or wrong
reply-links = Links
reply-signer = C. Details of the addressee
reply-provider = Hosting service provider
reply-country = Member State of establishment
reply-person = Authorised person
reply-operator = The operator of the site
reply-contact = Contact
reply-date = Date
reply-redress = If you do not agree
reply-redress-how = How to complain
reply-redress-words = Write to the contact of this site and name our file reference; somebody looks at it again. You can also turn to a court.
reply-request = What was asked
reply-category = What is wrong
reply-follows = What follows from it
reply-silent = The poster is not told until
reply-download = Keep it as text
reply-print = It prints as a document.
link-there = There is something; see the answer.
link-open = Nobody has decided yet.
link-gone = It is gone.
link-withdrawn = Withdrawn: this is not asked any more.
link-nothing = Nothing of this site ever stood there.
link-removed = Removed.
link-withheld = Withheld in some countries.
link-covered = Covered with a warning.
link-left = Left as it is.
box-ticked = Ticked:
box-empty = Not ticked:
field-reference = Your own reference
field-issued = Issued
field-utc = Day and time in UTC
field-legal-basis = Legal basis
field-due = To be done by
field-subjects = Links
field-subjects-hint = One on each line: posts, or single pictures and videos, of this site
field-reasons = Reasons
field-asks = Which information is asked for
field-explanation = Explanation
field-secret = The poster must not be told of it
field-secret-until = Until
field-secret-tco = In UTC. At most six weeks from the receipt; left empty it is six weeks.
field-redress = Body or court, deadline, and where the rules are found
holdings-we-hold = We hold the following, and nothing else.
holdings-nothing = Nothing of this site ever stood there.
holdings-preserved = It was taken away on { $time }, by its poster or because its time had come. It is kept, for nobody to see, until { $until } at least.
holdings-preserved-open = It was taken away on { $time }, by its poster or because its time had come. It is kept, for nobody to see, as long as an order on it is open.
holdings-gone = It is gone. Nothing of it is held but the fact that there was something.
holdings-post = A post, { $id }, published { $time }.
holdings-edited = Last edited { $time }.
holdings-expires = It ends { $time }.
holdings-language = Its poster says that it is in: { $language }.
holdings-media = { $media ->
    [0] It has no pictures or videos.
    [one] It has one picture or video:
   *[other] It has { $media } pictures and videos:
}
holdings-no-file = no file
holdings-as-arrived = also known by
holdings-public = Everybody can see it.
holdings-locked = Its poster has locked it.
holdings-hidden = Nobody sees it until somebody decides.
holdings-removed = It was removed { $time } and is kept, encrypted, until { $until }.
holdings-destroyed = It was removed, and destroyed { $time }.
holdings-not-held = Of whoever posted it there is no name, no account, no network address and no description of a browser: this site writes none of them down.
line-taken = Taken
line-duplicate = Duplicate
line-refused = Refused
line-same-as = It says what line { $line } says.
list-file-heading = Choose a list
list-file = File
list-hint = A table (CSV) or a JSON object on each line, up to 10,000 lines. Each is a request of its own.
list-charset = Encoding
list-charset-usual = UTF-8, or as the file says
list-send = File the list
list-columns = How a list looks
list-columns-hint = The first line names the columns. Several links or reasons in one field have a space between them. In JSON lines the names are the same, but the links are a list called “subjects”.
list-answer = What came of your list
list-tally = { $taken ->
    [0] No line was taken
    [one] One line was taken
   *[other] { $taken } lines were taken
}; duplicates: { $duplicates }; refused: { $refused }.
list-download = Keep the answer as a table (CSV)
list-left = { $lines ->
    [one] One more line stands in the table only.
   *[other] { $lines } more lines stand in the table only.
}
list-line = Line
list-state = Answer
list-words = What is wrong
list-wrong = The list cannot be read:
list-too-long = it has more than { $lines } lines.
list-no-file = there is no file.
list-no-charset = there is no encoding { $name }.
list-no-column = nobody knows the column { $name }.
list-no-column-url = the column { $name } is missing.
list-no-table = it is no table.
line-too-many-fields = There are more fields than the head has columns.
line-not-utf8 = It is not UTF-8: save the list as UTF-8, or say its encoding.
line-no-flag = It is neither 1 nor 0.
line-open-quote = A quotation mark opens a field here and does not close it.
line-no-object = It is no JSON object with the fields of a request.
file-too-many = A request on this form names at most { $links } links. File the others in another one, or as a list.
parties-none = Nobody is registered yet. Whoever is not registered can report like everybody, and nothing that they claim to be is believed.
party-add = Register a party
party-add-hint = A mail is never proof. Make sure who it is in a way of your own: call a number that you found yourself, meet them, or look into a public register.
party-add-submit = Register
party-kind = What it is
party-jurisdiction = Jurisdiction
party-jurisdiction-hint = Two letters, such as PL; EU for bodies of the Union
party-languages = Languages
party-languages-hint = Tags with commas, such as pl, en. The first is what it is answered in.
party-contact = Contact
party-contact-hint = How you reach it, found independently
party-identity = Identity
party-is-checked = identity checked
party-not-checked = Not checked yet
party-check = Write down a check of its identity
party-check-hint = A fact with a name and a day. It takes the place of the one before.
party-check-submit = Write it down
party-checked-by = How it was checked
party-checked-who = By whom
party-checked-on = On which day
checked-call-back = Called back, on a number found independently
checked-in-person = In person
checked-register = By a public register
checked-letter = By letter, to an address found independently
party-suspend = Suspend
party-resume = Let it file again
party-suspended-since = It may not file: neither its keys nor its people. Since
party-people = Who files for it on the portal
party-person = Name of somebody to add
party-person-hint = You get a link for them, which is good for two days.
party-keys = Keys of its programs
party-key = Name of the key
party-key-hint = What its signatures call it: letters, digits, dots, hyphens
party-public = Public key (Ed25519)
party-public-hint = A PEM file’s words, or 32 bytes in base64 or hexadecimal
party-key-add = Add the key
party-key-since = Since
party-key-revoke = Revoke
party-key-revoked = Revoked
party-filings = What it filed last
party-error-name = A name has 1 to 120 characters, and none that cannot be seen.
party-error-kind = Say what it is.
party-error-jurisdiction = A jurisdiction is two letters, such as PL, or EU.
party-error-languages = Languages are tags such as pl, en or ar; at most 12.
party-error-contact = Say how it is reached.
party-error-checked = Say how the identity was checked, by whom, and on which day that is not to come.
party-error-taken = There is one of this name already.
party-error-key = This is no public key of Ed25519.
party-error-key-name = A key’s name has 1 to 64 letters, digits, dots, hyphens and underscores.
audit-site = The site itself
act-retention-added = Kept for longer
act-evidence-sealed = Evidence sealed
act-evidence-destroyed = Evidence destroyed
act-quarantine-destroyed = What was removed was destroyed
act-lever-set = Lever pulled
act-lever-cleared = Lever let go
console-levers = Levers
levers-lead = For bad days. Each has an end, posters are told before they begin, and nothing that was begun is lost.
waiting-heading = { $waiting ->
    [one] One post waits for a look
   *[other] { $waiting } posts wait for a look
}
waiting-hint = A lever lets them wait, and they stay in the queue when it ends. What somebody reported, or a bank knows, is not among them.
waiting-let-go = Let all of them go…
waiting-sure = Everybody sees them then, and nobody has looked at them. Each can still be reported and removed.
waiting-do = Let all of them go
levers-label = How posting works at the moment
lever-slow-mode = Slow mode
lever-slow-mode-hint = Budgets for posts and uploads shrink to a tenth, and new posts become public after a while.
lever-hold-uploads = Hold everything new
lever-hold-uploads-hint = New posts, and what is added to old ones, wait in the queue until somebody has looked at them.
lever-hold-fresh = Hold what comes from new networks
lever-hold-fresh-hint = The same for networks whose first post here is not an hour old, as far as this server remembers: two days at most.
lever-no-videos = No videos
lever-no-videos-hint = New videos are refused. Photos and words are taken.
lever-no-links = No links
lever-no-links-hint = Links in all posts are shown as plain words. They are links again afterwards.
lever-read-only = Read-only
lever-read-only-hint = Nothing new is taken but reports, appeals and orders. Posters can still take things away.
lever-pull = Pull
lever-another-end = Set another end
lever-let-go = Let go
lever-length = For how long:
lever-1h = for an hour
lever-6h = for six hours
lever-1d = for a day
lever-3d = for three days
lever-7d = for a week
lever-until = until { $time }
lever-for-now = for now
lever-pulled = Pulled { $until }
lever-pulled-by-site = Pulled { $until } by the site itself, because nobody is here
lever-end = A lever needs an end that is still to come and at most 30 days away.
lever-not-allowed = Only an operator may do that.
lever-told-slow-mode = We are taking it slowly { $until }. You get your link at once; { $minutes ->
    [one] others see the post a minute later.
   *[other] others see the post { $minutes } minutes later.
}
lever-told-hold-uploads = We look at everything new before it is public { $until }. You get your link at once; others see the post after that.
lever-told-hold-fresh = What comes from networks that are new here is looked at before it is public { $until }. You get your link at once.
lever-told-no-videos = We take no videos { $until }. Photos and words are welcome.
lever-told-no-links = Links in posts are shown as plain words { $until }. They are links again afterwards.
lever-told-read-only = We take nothing new { $until }. What you have posted stands, and you can delete it. Reports and appeals are taken.
told-kept = It is kept until then.
evidence-none = Nothing is sealed as evidence, because nobody said for whom. What was removed is kept in quarantine instead. “handbill evidence keygen” makes a key; its recipient goes into the configuration, under [evidence].
evidence-sealed = Sealed as evidence
evidence-destroyed = The evidence was destroyed
retention-appeal = Its poster may complain
retention-tco = Removal order
retention-preservation = An authority asked for it
retention-law = Another law wants it
keeping-heading = What was removed is kept
keeping-until = until
keeping-add = Keep it for longer
keeping-ground = Why
keeping-reference = Whose request, and its number; or which law
keeping-last-day = Last day
keeping-send = Keep it
keeping-nothing = Nothing of it is kept any more.
keeping-no-ground = Say why it is kept.
keeping-no-reference = Say whose request it is and its number, or which law wants it, in 500 bytes at most.
keeping-no-day = Say the last day: one to come, within ten years.
act-preserved = Taken away by its poster, and kept
case-silent = An order about this, or about something below that would go with it, must not be told: nobody who posted or reported what the decision reaches is told why. What is left out is told as usual. The order’s silence ends on
case-preserved = Kept: its poster took it away on
action-preserve = Its poster took it away; it is kept for what was asked before
bank-waits = it would reach { $reach } things that nobody has reported, so it only counts until somebody confirms it
bank-would-reach = What it would reach, or the first twenty of that
bank-confirm = Let it act
told-confirmed = It acts from now on, also on what stands.
act-bank-waits = Would reach too much, so it waits for a second look
act-bank-confirmed = Confirmed at a second look
act-party-distrusted = Party often wrong, so its reports no longer come first
act-party-trusted = Party’s reports come first again
act-party-undone = What was done in a party’s name is undone
act-filing-withdrawn = Request counts for nothing any more
filing-withdrawn = Withdrawn: it was not sent by whoever it names
reply-withdrawn-heading = This request counts for nothing
mark-often-wrong = often wrong
party-right = Right so far
party-unjudged = nothing of what it reported has been decided yet
party-precision = { $right } of { $judged } decisions
party-distrusted = It was often wrong, so its reports come when anybody’s do, since
party-distrusted-hint = Nothing else happens by itself: whether it may go on is yours to decide. Talk to it first, or suspend it below. Orders that bind are as binding as before, and whoever reports a danger to life is heard at once.
party-trust = Let its reports come first again
deeds-way = A key was stolen?
deeds-heading = What was done in its name
deeds-lead = When a key or somebody’s way in was stolen: suspend the party, look here at all that came in its name since then, and undo it in one step.
deeds-not-suspended = It may still file. Suspend it first, so that nothing more comes in.
deeds-since = Since when (UTC)
deeds-list = List it
deeds-no-time = Say a day and a time.
deeds-found = Since
deeds-filings = Requests:
deeds-opened = Cases that they opened or joined:
deeds-alone = of these, reported by nobody else:
deeds-held = Hidden until decided:
deeds-decided = Decisions that stand:
deeds-undo = Undo all of it
deeds-undo-hint = The requests count for nothing, what the rule hid is shown again, cases that nobody else opened are closed, and what was decided on those alone is undone and comes back. What others reported too stays as it was decided. Each step stands in the audit trail.
deeds-undoing = It is being undone. Load this page again to see what is left.
deeds-cases = Cases
deeds-others = others reported it too
rank-wave = a wave: { $reports ->
    [one] one report
   *[other] { $reports } reports
 } within an hour, which weigh what one does
rank-copies = copies of what others said: { $reports }
notice-echo = says what was said before

# The desk.
desk-find = Find
desk-find-label = An action, a case, a party, or a post’s link
desk-find-none = Nothing of that kind is here.
desk-find-failed = It cannot be looked for now. Try again in a moment.
desk-keys = Keys
desk-keys-hint = Keys do nothing while you type in a field.
desk-keys-on = Keys are on
desk-close = Close
keys-next-row = Go to the next row
keys-row-before = Go to the row before
keys-take = Take in the row you are on, or leave it out
keys-send = Send what you are typing
keys-leave = Leave the field you type in
words-hold = hold, pause, out of sight
words-release = release, unhold, let go
words-assign = assign, hand over, pass on, give to
words-undo = undo, take back, reverse
words-ask = ask back, question
words-leave = no action, nothing, allow, keep
words-levers = slow mode, read-only, no links, no videos, hold everything new
words-annex = Annex III, cannot, answer
words-alike = everything alike, copies, campaign
words-note = note, comment, remark
decide-unsent = No answer came, so it is not known whether this was decided. Send it again as soon as the line is back: it counts once.
decide-refused = Nothing was decided.
desk-away = You were away
desk-away-words = The page covered itself, so that nobody else reads it. What you had open is free for others.
desk-away-back = I am here
desk-offline = The line is gone. What you see may have changed; nothing was sent. It goes on by itself as soon as the line is back.
desk-next = Next case
desk-today = today: { $decided } decided · { $looks ->
    [one] { $looks } look
   *[other] { $looks } looks
} · { $saved } spared
desk-today-of = today: { $decided } decided · looks: { $looks } of { $budget } · { $saved } spared
queue-filters = Choose what is shown, or look for something
queue-kind = Kind of request
queue-category = What is wrong
queue-whose = Whose
queue-any = any
queue-everybodys = everybody’s
queue-mine = mine
queue-free = nobody’s
queue-due = Only what has a deadline
queue-show = Show these
queue-all = Show all
queue-none-such = No case of this kind is open.
queue-nothing-left = That was the last one. Nothing else waits for you.
queue-with = open at { $name }
queue-given-to = given to { $name }
case-claimed = has this case open, until
case-take-over = Take it over
case-given-to = Given to
case-more = What is like it was looked for again just now, and is not the same as below.
case-more-see = Show all of it
case-vanished = Meanwhile this case was taken over, decided or opened in another tab, or it is gone. Nothing of yours was sent.
case-put-back = Your session had ended. What you had typed is here again; nothing of it was sent.
case-see = See how it stands
case-before = Other cases about this post
case-open = open
case-decided = decided
case-moot = came to nothing
case-look = Pictures
case-ask-back = Ask whoever sent it
case-members = What is like it
case-notes = Notes
case-last-grounds = Grounds that you used last
case-another-ground = Another one:
case-claimed-since = Somebody else has this case open. Nothing was decided. Take it over below, or go to the next one; your words are still here.
action-remove-alike = Remove it with everything alike
member-taken = With it
member-what = Post
member-reading = Found by
member-sure = How sure
member-opened = Opened
note-label = A note for whoever decides
note-hint = Only those who decide read it.
note-to = And hand the case over
note-keep = no, I keep it
note-anybody = to anybody else
note-write = Write it down
note-words = Write something, at most 4,000 letters.
note-nobody = Whoever this was for decides on nothing any more. Choose somebody else.
told-noted = Your note stands there.
told-handed-over = The case was handed over.
told-taken-over = You have the case now.
look-once = Look
look-again = I want to see it again
look-failed = It cannot be shown: you may have used up your looks for today, or it is gone.
look-known-seen = You saw this, or something like it, on { $time }.
look-known-decided = You decided on this, or on something like it, on { $time }.
look-photo = picture { $number }
look-animation = animation { $number }
look-video = video { $number }, { $duration }: in stills
look-still = video { $number }: the still that its poster chose
looks-used-up = Your looks for today are used up.
looks-hand-over = Decide by words and by what is known, or write a note and hand the case over.
looks-heading = Looking less
looks-label = Looks a day, for each of you
looks-hint = After so many pictures nobody is shown another one that day. Empty: as many as they like.
looks-set = Set it
looks-wrong = Write a whole number from 0 to 10,000, or nothing.
overturned-heading = How decisions stood
overturned-hint = Only operators see this. It shows where rules are unclear, not who is good.
overturned-undone = Undone
overturned-appealed = Appealed against
overturned-overturned = Won by the poster
overturned-banks = Of what banks found, { $right } of { $judged } were right.
overturned-banks-none = Nobody has judged yet what banks found.
overturned-command-line = Command line
appeal-own = You decided this. Somebody else answers what is said against it.
appeal-no-answer = Whoever complained reads why: say it in words, at most 10,000 bytes. Nothing was answered.
facts-reported = { $notices ->
    [one] It was reported once: { $category }.
   *[other] It was reported { $notices } times: { $category }.
}
facts-filed = It was reported by a registered party ({ $kind }): { $category }.
facts-ordered = It was ordered ({ $kind }): { $category }.
facts-matched = It is a copy of something that was restricted before, or very like it.
ask-notifier = Ask whoever reported it
ask-label = What do you want to know?
ask-hint = They read it under the link of their receipt, and answer there. Neither of you learns who the other is.
ask-send = Ask
ask-asked = Asked:
ask-answered = Answered:
ask-waits = Nobody has answered yet.
told-asked = The question waits for whoever reported it.
receipt-asked = Whoever decides has a question
receipt-answer = Your answer
receipt-send = Send the answer
act-notifier-asked = Whoever reported something was asked back
act-case-taken = Case taken over from somebody
act-case-assigned = Case handed over
act-case-noted = Note written about a case
act-looks-set = Looks a day set
