# العربية
brand = Handbill
skip = انتقل إلى المحتوى
nav-label = الموقع
nav-new = منشور جديد
nav-newest = الأحدث
nav-about = عن الموقع
nav-contact = اتصل بنا
announcement-label = إعلان من الموقع
nav-language = لغة الصفحة

composer-heading = انشر، وخذ رابطًا.
composer-lead = صورة أو فيديو أو بضع كلمات. لا حاجة إلى حساب.
composer-files = اختر صورًا ومقاطع فيديو
composer-limits = { $files ->
    [zero] لا تُقبل الملفات حاليًا (الحد { $size }).
    [one] ملف واحد، بحجم لا يتجاوز { $size }.
    [two] ملفان على الأكثر، لا يتجاوز كلٌّ منهما { $size }.
    [few] { $files } ملفات على الأكثر، لا يتجاوز كلٌّ منها { $size }.
    [many] { $files } ملفًا على الأكثر، لا يتجاوز كلٌّ منها { $size }.
   *[other] { $files } ملف على الأكثر، لا يتجاوز كلٌّ منها { $size }.
}
composer-options = خيارات أخرى
composer-publish = انشر
composer-promise = نزيل من ملفاتك بيانات الموقع والكاميرا قبل أن يراها أحد.
composer-kept = لم يُنشر شيء. كلماتك ما زالت هنا؛ يُرجى اختيار الملفات من جديد.
refused-count = { $files ->
    [zero] لم يُرفض أي ملف:
    [one] تعذّر قبول ملف واحد:
    [two] تعذّر قبول ملفين:
    [few] تعذّر قبول { $files } ملفات:
    [many] تعذّر قبول { $files } ملفًا:
   *[other] تعذّر قبول { $files } ملف:
}
refused-more = { $files ->
    [zero] ولا ملف غيرها.
    [one] وملف آخر لسبب مشابه.
    [two] وملفان آخران لسبب مشابه.
    [few] و{ $files } ملفات أخرى لأسباب مشابهة.
    [many] و{ $files } ملفًا آخر لأسباب مشابهة.
   *[other] و{ $files } ملف آخر لأسباب مشابهة.
}
file-nameless = ملف بلا اسم

composer-drop = ويمكنك أيضًا إفلاتها أو لصقها في أي مكان من هذه الصفحة.
composer-camera = التقط صورة
draft-kept = كلماتك محفوظة كمسودة، على هذا الجهاز فقط.
draft-forget = تجاهل المسودة

files-label = ملفاتك
composer-choose = اختر ملفات
password-again = اكتب كلمة السر من جديد، فنحن لا نحفظها أبدًا. من دونها يستطيع كل من لديه الرابط أن يفتح المنشور.
publish-back = العودة إلى المنشور
publish-patience = الموقع يطلب منك الصبر قليلًا
publish-proving = لحظة من فضلك
publish-proving-words = يُنشر الكثير جدًا من شبكتك. يحلّ جهازك مسألة صغيرة كي يسبق منشورك ما ترسله الآلات، ثم يُنشر تلقائيًا.
paying-words = يُرسل الكثير جدًا من شبكتك. يحلّ جهازك مسألة صغيرة كي يسبق ما كتبته ما ترسله الآلات، ثم يُرسل تلقائيًا. أبقِ هذه الصفحة مفتوحة.
paying-bar = ما أُنجز من المسألة
published-later = يرى الآخرون منشورك ابتداءً من هذا الوقت:
published-plain-links = بسبب الطريق الذي جاء منه، تظهر روابطه كلماتٍ عادية حتى
published-empty = منشورك فارغ.
published-taken = وصلنا منشورك.
post-waiting-until = قيد الانتظار. يصبح هذا علنيًا في { $time }.
manage-waiting = لا يرى هذا المنشور أحد سواك حتى يراجعه أحد.
manage-waiting-until = لا يرى هذا المنشور أحد سواك حتى { $time }.
outcome-all-ready = كل شيء جاهز ويمكن رؤيته.
link-copied-manage = نُسخ رابط الإدارة. احتفظ به لنفسك.
mine-forget-sure = أتريد نسيان كل منشورات هذه القائمة مع روابط إدارتها؟ المنشورات نفسها تبقى.
mine-not-kept = هذا المتصفح لا يسمح للموقع بحفظ أي شيء. احفظ رابط الإدارة بنفسك.
upload-progress = التقدّم
upload-waiting = ينتظر دوره
upload-left = بقي { $time }
upload-ready = جاهز
upload-arrived = وصل
upload-all-arrived = وصلت كل الملفات.
upload-others-arrived = وصلت بقية الملفات.
upload-offline = لا يوجد اتصال. سيُستأنف الإرسال تلقائيًا حين يعود.
upload-again = انقطع الاتصال. نحاول من جديد…
upload-missing = اختر هذا الملف مرة أخرى ليُرسَل ما بقي منه.
upload-changed = تغيّر أو نُقل على جهازك أثناء إرساله. اختره من جديد.
upload-gone = استغرق وقتًا طويلًا فتخلّى عنه الموقع. أرسله من جديد.
upload-failed = تعذّر إرساله. حاول مرة أخرى.
upload-other = هذا ملف آخر. اختر { $name } أو أزله من هنا.
upload-twice = { $name } موجود في القائمة.
upload-removed = أُزيل { $name }.
upload-too-many = أقصى عدد للملفات في المنشور: { $files }. ما لم يُقبل: { $count }. ضعها في منشور آخر.
upload-retry = حاول مرة أخرى
upload-choose = اختر من جديد
upload-remove = أزل
upload-words = التعليق والتغطية
field-still-of = تظهر
still-of-nothing = وحدها
still-of-video = قبل تشغيل هذا الفيديو: { $name }
still-of = تظهر قبل تشغيل { $name }
order-handle = حرّك
order-earlier = إلى الأعلى
order-later = إلى الأسفل
order-moved = { $name }: الموضع { $place } من { $count }.

editor-tools = التنسيق
editor-bold = غامق
editor-italic = مائل
editor-heading = عنوان
editor-list = قائمة
editor-quote = اقتباس
editor-link = رابط
editor-code = شيفرة
editor-picture = صورة بين الفقرات
editor-picture-which = أيّ واحدة؟
editor-picture-none = اختر صورًا أو مقاطع فيديو أولًا، ثم يمكنك وضعها بين الفقرات.
editor-picture-close = إلغاء
editor-preview = معاينة
preview-empty = يظهر هنا ما تكتبه كما سيراه القرّاء.

publishing = جارٍ النشر…
published = نُشر.
publish-waiting = بانتظار الاتصال
publish-waiting-words = منشورك محفوظ على هذا الجهاز، وسيُنشر تلقائيًا حين يعود الاتصال. وعندها يظهر رابطه هنا.
publish-failed = تعذّر النشر. حاول مرة أخرى بعد دقيقة.
publish-nothing-left = لم يُقبل أي ملف، فلم يُنشر شيء.
link-copied = نُسخ الرابط إلى الحافظة.
link-by-hand = هذا رابطك.
link-select = لا يسمح هذا المتصفح للصفحة بالنسخ. الرابط محدّد: انسخه بنفسك.
link-copy = انسخ الرابط
link-copy-manage = انسخ رابط الإدارة
link-share = شارك…
link-code = رمز QR
link-code-alt = الرابط على شكل رمز QR
outcome-arriving = ملفاتك في الطريق. أبقِ هذه الصفحة مفتوحة حتى تصل.
outcome-all-arrived = وصلت كل الملفات. يمكنك إغلاق هذه الصفحة.
outcome-missing = لم تصل كل الملفات.
outcome-left-out = ملفات لم تُقبل: { $count }. السبب مكتوب في القائمة.
outcome-others-arrived = وصلت بقية الملفات. يمكنك إغلاق هذه الصفحة.
outcome-others-ready = بقية الملفات جاهزة ويمكن رؤيتها.
outcome-more = الروابط والملفات

mine-remember = تذكّر منشوراتي في هذا المتصفح
mine-remember-words = مع روابط إدارتها: كل من يستخدم هذا المتصفح يستطيع تعديلها وحذفها.
mine-heading = منشوراتك في هذا المتصفح
mine-words = محفوظة على هذا الجهاز فقط. لا يعرف الموقع أي المنشورات لك.
mine-manage = أدِر
mine-forget = انسَ
mine-forget-all = انسَ الكل
mine-export = احفظ القائمة في ملف

viewer-label = الصور بحجم كبير
viewer-close = أغلق
viewer-zoom = كبّر
viewer-previous = الصورة السابقة
viewer-next = الصورة التالية
viewer-error = تعذّر تحميل الصورة.

field-title = العنوان
field-text = النص
field-caption = التعليق
field-alt = وصف لمن لا يرى الصورة
field-language = لغة المنشور
field-listed = مُدرَج في القوائم
field-sensitive = محتوى حسّاس
field-expires = الحذف التلقائي
hint-markdown = يمكنك استخدام Markdown: **عريض** و*مائل* وقوائم وروابط.
hint-place-before = اكتب
hint-place-sample = ![ما تُظهره](media:1)
hint-place-after = في سطر مستقل لوضع الملف الأول بين الفقرات.
hint-sensitive = يبقى مغطّى حتى يطلب القارئ رؤيته.
hint-listed = قد يظهر في القوائم العامة ومحركات البحث. وإلا فلن يصل إليه إلا من لديه الرابط.
hint-alt = يُقرأ الوصف بصوت مسموع لمن لا يرى الصورة.
language-detect = تعرّف تلقائي
expires-never = أبدًا
expires-1h = بعد ساعة
expires-1d = بعد يوم
expires-1w = بعد أسبوع
expires-1m = بعد ٣٠ يومًا
expires-1y = بعد سنة

newest-heading = أحدث المنشورات
newest-lead = ما اختار أصحابه إدراجه هنا، والأحدث أولًا.
newest-empty = لا شيء هنا بعد.
newest-older = منشورات أقدم
newest-feed = خلاصة (Atom)

post-untitled = منشور
post-edited = عُدِّل في
post-expires = يختفي في
post-processing = { $media ->
    [zero] جميع الملفات جاهزة.
    [one] ما زال ملف واحد قيد التجهيز. تتحدّث هذه الصفحة تلقائيًا.
    [two] ما زال ملفان قيد التجهيز. تتحدّث هذه الصفحة تلقائيًا.
    [few] ما زالت { $media } ملفات قيد التجهيز. تتحدّث هذه الصفحة تلقائيًا.
    [many] ما زال { $media } ملفًا قيد التجهيز. تتحدّث هذه الصفحة تلقائيًا.
   *[other] ما زال { $media } ملف قيد التجهيز. تتحدّث هذه الصفحة تلقائيًا.
}
medium-processing = قيد التجهيز
medium-percent = { $percent }٪
medium-waiting = في الانتظار. هذا الملف غير منشور بعد.
post-waiting = في الانتظار. هذا النص غير منشور بعد.
medium-queued = في انتظار الدور
medium-download = تنزيل ({ $size })
medium-remove = احذف هذا الملف
medium-remove-sure = سيُحذف الملف نهائيًا، وستضيع التعديلات التي لم تحفظها.
medium-remove-yes = احذف نهائيًا
media-photo-number = الصورة { $number }
media-animation-number = الصورة المتحركة { $number }
media-video-number = الفيديو { $number }
cover-title = محتوى حسّاس
cover-words = قرّر بنفسك إن كنت تريد رؤية هذا. لم يُحمَّل شيء بعد.
cover-show = اعرضه
cover-medium-words = قرّر بنفسك إن كنت تريد رؤية هذا.
media-number = الملف { $number }
share-heading = مشاركة
share-link = رابط هذا المنشور
share-zip = كل الملفات دفعة واحدة
share-zip-size = ZIP، { $size }
share-embed = التضمين في موقع آخر
share-embed-code = رمز تضعه في صفحتك
new-tab = (يُفتح في تبويب جديد)

manage-heading = إدارة منشورك
manage-published = تمّ النشر.
manage-published-lead = شارك الرابط الأول مع من تشاء، واحتفظ بالثاني لنفسك.
manage-saved = حُفظت تعديلاتك.
manage-saving = جارٍ الحفظ…
manage-failed = تعذّر حفظ تعديلاتك. حاول مرة أخرى بعد دقيقة.
manage-processing = { $media ->
    [zero] لا يجري تجهيز أي ملف. الرابط يعمل.
    [one] ما زال ملف واحد قيد التجهيز. الرابط يعمل من الآن.
    [two] ما زال ملفان قيد التجهيز. الرابط يعمل من الآن.
    [few] ما زالت { $media } ملفات قيد التجهيز. الرابط يعمل من الآن.
    [many] ما زال { $media } ملفًا قيد التجهيز. الرابط يعمل من الآن.
   *[other] ما زال { $media } ملف قيد التجهيز. الرابط يعمل من الآن.
}
manage-look-again = انظر مجددًا
manage-link = رابط المشاركة
manage-open = افتح المنشور
manage-secret = رابط الإدارة، لك وحدك
manage-lost = إن ضاع فقد ضاع: احتفظ به.
manage-lost-words = من يملك هذا الرابط يستطيع تعديل المنشور وحذفه، ولا أحد يستطيع أن يعيده إليك.
manage-edit = تعديل
manage-save = احفظ التعديلات
manage-delete = حذف المنشور
manage-delete-words = يختفي المنشور وجميع ملفاته فورًا ونهائيًا.
manage-delete-open = احذف…
manage-delete-sure = لا يمكن التراجع عن هذا.
manage-delete-yes = احذف نهائيًا

message-home = إلى الصفحة الأولى
message-not-found = لا شيء هنا
message-not-found-words = ربما سقط حرف من الرابط. تحقّق منه، أو اسأل من أرسله إليك.
message-gone = لم يعد هذا المنشور موجودًا
message-gone-words = حذفه صاحبه، أو انتهت مدته، أو فُتح بعدد المرات المسموح بها، ولا يمكن استرجاعه.
message-deleted = حُذف المنشور
message-deleted-words = اختفى المنشور وملفاته نهائيًا، ورابطه يقول ذلك الآن.
message-bad-request = لم ينجح ذلك
message-bad-request-words = كان الطلب ناقصًا أو مشوَّشًا. ارجع وحاول من جديد.
message-too-large = هذا أكبر من المسموح
message-too-large-words = ما أرسلته أكبر مما يقبله هذا الموقع. جرّب ملفًا أصغر أو أقصر.
message-unsupported = لا يمكن نشر هذا هنا
message-unsupported-words = لا يمكن نشر سوى الصور ومقاطع الفيديو والكلمات.
message-too-many = على مهل، من فضلك
message-too-many-words = وصلت طلبات كثيرة من اتصالك. انتظر دقيقة ثم حاول من جديد.
message-internal = حدث عطل لدينا
message-internal-words = ليس الخطأ منك، وقد سُجِّل العطل. يُرجى المحاولة بعد دقيقة.
message-unavailable = نعود بعد لحظات
message-unavailable-words = لا يستطيع الموقع تنفيذ هذا الآن. لم يضِع شيء مما نُشر. يُرجى المحاولة بعد دقيقة.

error-not-multipart = الطلب ليس نموذجًا (multipart/form-data). انشر بنموذج الصفحة نفسها، أو بالأمر curl -F file=@photo.jpg.
error-too-many-parts = في الطلب أجزاء أكثر مما يمكن أن يأتي دفعة واحدة. أرسله على عدة دفعات.
error-not-json = محتوى الطلب ليس بصيغة JSON. أرسله بنوع application/json.
error-bad-json = تعذّرت قراءة JSON في الطلب: أحد الحقول خاطئ أو غير معروف أو ناقص.
draft-no-password = كلمة السر الفارغة لا تقفل شيئًا. احذف الحقل أو أرسل null إن أردت منشورًا من دونها.
error-changed = تغيّر المنشور في هذه الأثناء. اقرأه من جديد وأرسل التعديل مع رقم نسخته.
error-not-found = لا شيء على هذا العنوان.
error-prove = حلّ المسألة التي في هذا الجواب يُقبل فورًا بدل ذلك.
error-not-list = أرسل القائمة بنوع text/csv أو application/x-ndjson.
error-signature = توقيع هذا الطلب مفقود أو غير صالح.
error-bad-list = لا يمكن قراءة هذه القائمة.
error-no-secret = ينقص سرّ الإدارة، وهو الجزء الأخير من رابط الإدارة.
error-interrupted = انقطع الاتصال قبل أن يصل كل شيء، فلم يُنشر شيء. تحقق من اتصالك وحاول مجددًا.

budget-posts = نُشر الكثير من اتصالك في الآونة الأخيرة، وربما لم يكن كله منك. ما نشرتَه باقٍ كما هو.
budget-uploads = بدأت من اتصالك عمليات رفع كثيرة في الآونة الأخيرة. ما يُرفع الآن يستمر.
budget-open-uploads = تجري من اتصالك عمليات رفع كثيرة الآن. كلها مستمرة، ويمكن بدء غيرها حين يكتمل بعضها.
budget-bytes = أُرسلت من اتصالك بيانات كثيرة اليوم. ما يُرفع الآن يستمر، وما نشرتَه باقٍ.
budget-guesses = وصلت من اتصالك عدة كلمات مرور خاطئة.
budget-guesses-of-post = جُرّبت على هذا المنشور كلمات مرور خاطئة كثيرة، لذلك لا يقبل المزيد الآن.
budget-manage-guesses = فُتحت من اتصالك عدة روابط إدارة لا وجود لها.
budget-sign-ins = فشلت من اتصالك عدة محاولات لتسجيل الدخول.
again-minutes = { $minutes ->
    [zero] حاول من جديد الآن.
    [one] حاول من جديد بعد دقيقة.
    [two] حاول من جديد بعد دقيقتين.
    [few] حاول من جديد بعد { $minutes } دقائق.
    [many] حاول من جديد بعد { $minutes } دقيقة.
   *[other] حاول من جديد بعد { $minutes } دقيقة.
}
again-hours = { $hours ->
    [zero] حاول من جديد الآن.
    [one] حاول من جديد بعد ساعة.
    [two] حاول من جديد بعد ساعتين.
    [few] حاول من جديد بعد { $hours } ساعات.
    [many] حاول من جديد بعد { $hours } ساعة.
   *[other] حاول من جديد بعد { $hours } ساعة.
}

problem-empty = ملف فارغ. تأكّد من أنه يُفتح على جهازك، ثم اختره من جديد.
problem-not-media = ليس صورة ولا فيديو. اختر صورة أو مقطع فيديو.
problem-unsupported = صيغته لا يمكن عرضها هنا. احفظه بصيغة JPEG أو PNG أو MP4 وحاول من جديد.
problem-corrupt = تالف أو غير مكتمل. تأكّد من أنه يُفتح على جهازك، أو اختر الملف الأصلي.
problem-too-large = أكبر من { $size }. صغّره أو قصّره.
problem-too-many-pixels-exact = فيه أكثر من { $pixels } بكسل. صغّره وحاول من جديد.
problem-too-many-pixels = { $megapixels ->
    [zero] فيه بكسلات أكثر من المسموح. صغّره وحاول من جديد.
    [one] فيه أكثر من ميغابكسل واحد. صغّره وحاول من جديد.
    [two] فيه أكثر من ميغابكسلين. صغّره وحاول من جديد.
    [few] فيه أكثر من { $megapixels } ميغابكسلات. صغّره وحاول من جديد.
    [many] فيه أكثر من { $megapixels } ميغابكسلًا. صغّره وحاول من جديد.
   *[other] فيه أكثر من { $megapixels } ميغابكسل. صغّره وحاول من جديد.
}
problem-too-many-frames = { $frames ->
    [zero] فيه إطارات أكثر من المسموح. قصّره أو انشره مقطع فيديو.
    [one] فيه أكثر من إطار واحد. قصّره أو انشره مقطع فيديو.
    [two] فيه أكثر من إطارين. قصّره أو انشره مقطع فيديو.
    [few] فيه أكثر من { $frames } إطارات. قصّره أو انشره مقطع فيديو.
    [many] فيه أكثر من { $frames } إطارًا. قصّره أو انشره مقطع فيديو.
   *[other] فيه أكثر من { $frames } إطار. قصّره أو انشره مقطع فيديو.
}
problem-too-long-exact = أطول من { $time } (دقائق وثوانٍ). قسّمه إلى أجزاء.
problem-too-long = { $minutes ->
    [zero] أطول من المسموح. قسّمه إلى أجزاء.
    [one] أطول من دقيقة واحدة. قسّمه إلى أجزاء.
    [two] أطول من دقيقتين. قسّمه إلى أجزاء.
    [few] أطول من { $minutes } دقائق. قسّمه إلى أجزاء.
    [many] أطول من { $minutes } دقيقة. قسّمه إلى أجزاء.
   *[other] أطول من { $minutes } دقيقة. قسّمه إلى أجزاء.
}
problem-not-photo = مقطع فيديو، ولا يحل محل الفيديو إلا صورة. اختر صورة.
problem-no-frames = لا يحتوي على أي صورة. اختر مقطع فيديو يظهر فيه شيء.
problem-too-many-files = { $files ->
    [zero] زائد عن الحد: لا يقبل المنشور ملفات.
    [one] زائد عن الحد: يتّسع المنشور لملف واحد. ضعه في منشور آخر.
    [two] زائد عن الحد: يتّسع المنشور لملفين. ضعه في منشور آخر.
    [few] زائد عن الحد: يتّسع المنشور لـ{ $files } ملفات. ضعه في منشور آخر.
    [many] زائد عن الحد: يتّسع المنشور لـ{ $files } ملفًا. ضعه في منشور آخر.
   *[other] زائد عن الحد: يتّسع المنشور لـ{ $files } ملف. ضعه في منشور آخر.
}
problem-no-space = لم يجد مكانًا: قرص الموقع شبه ممتلئ. حاول لاحقًا.
problem-no-videos = فيديو، والموقع لا يستقبل مقاطع الفيديو الآن. حاول لاحقًا.
problem-interrupted = لم يصل كاملًا. تحقّق من اتصالك ثم اختره من جديد.
problem-name = لا يمكن قراءة اسمه. أعطه اسمًا أبسط ثم اختره من جديد.
problem-too-demanding = يتطلّب تجهيزه جهدًا أكبر من المتاح. جرّب نسخة أصغر أو أقصر.
problem-failed = تعذّر تجهيزه، وقد يكون الخطأ منّا. حاول لاحقًا.

draft-text-too-long = النص أطول من { $size }. اختصره أو وزّعه على عدّة منشورات.
draft-line-too-long = { $characters ->
    [zero] الحقل «{ $field }» أطول من المسموح. يُرجى اختصاره.
    [one] الحقل «{ $field }» أطول من حرف واحد. يُرجى اختصاره.
    [two] الحقل «{ $field }» أطول من حرفين. يُرجى اختصاره.
    [few] الحقل «{ $field }» أطول من { $characters } أحرف. يُرجى اختصاره.
    [many] الحقل «{ $field }» أطول من { $characters } حرفًا. يُرجى اختصاره.
   *[other] الحقل «{ $field }» أطول من { $characters } حرف. يُرجى اختصاره.
}
draft-language = هذه اللغة غير معروفة. اختر لغة من القائمة، أو اتركها للتعرّف التلقائي.
draft-flag = الحقل «{ $field }» لا يقبل إلا التشغيل أو الإيقاف (1 أو 0).
draft-expires = لم نفهم موعد الحذف. اختر «أبدًا» أو مدة من ساعة إلى سنة.
draft-nothing = لا شيء للنشر بعد. اختر ملفًا أو اكتب بضع كلمات.
draft-unknown-field = في النموذج حقل لا يعرفه هذا الموقع: { $field }. إن كان ذلك من صفحة فأعد تحميلها وحاول من جديد.

about-heading = مكان لمنشورك
about-lead = انشر صورة أو فيديو أو كلمات من دون حساب، وشارك الرابط.
about-kept-heading = ما الذي نحتفظ به
about-kept = الكلمات والملفات التي تنشرها ووقت نشرها. لا اسم ولا بريد إلكتروني ولا حساب. أما رابط الإدارة فلا نحفظ منه إلا بصمة لا يمكن استخراجه منها.
about-removed-heading = ما الذي نزيله
about-removed = المكان والوقت والكاميرا والمؤلف وكل ما تحمله الصور ومقاطع الفيديو خفيةً، نزيله قبل أن يراها أحد.
about-delete-heading = كيف تحذف
about-delete = افتح رابط الإدارة واختر حذف المنشور، فيختفي فورًا مع جميع ملفاته. من أضاع الرابط لا يستطيع استرجاعه، ولا أحد غيره يستطيع أن يعطيه إياه.
about-contact-heading = من يدير هذا الموقع
about-limits-heading = ما الذي يتّسع له
about-curl = البرامج أيضًا تستطيع النشر: أرسل ملفًا بواسطة curl، فيكون الجواب هو الرابط.

size-bytes = { $bytes ->
    [zero] { $bytes } بايت
    [one] بايت واحد
    [two] بايتان
    [few] { $bytes } بايتات
    [many] { $bytes } بايتًا
   *[other] { $bytes } بايت
}
size-kilobytes = { $number } كيلوبايت
size-megabytes = { $number } ميغابايت
size-gigabytes = { $number } غيغابايت
time-utc = { $time } (UTC)

locked-heading = هذا المنشور مقفل
locked-password-words = يُفتح بكلمة مرور. اطلبها ممن أرسل إليك الرابط.
locked-press-words = لا يُفتح إلا عددًا محدودًا من المرات، وفتحه الآن يستهلك واحدة منها.
locked-open = افتح
field-password = كلمة المرور
field-views = عدد مرات الفتح
hint-password = على القارئ أن يكتبها، ومن دونها لا يرى أحد شيئًا من المنشور.
hint-views = بعد هذا العدد من المرات يختفي المنشور. اتركه فارغًا إن لم ترد حدًّا.
error-locked = هذا المنشور مقفل. افتح صفحته لقراءته.
error-read-only = لا نستقبل شيئًا جديدًا { $until }. كلماتك باقية هنا، فعُد بها لاحقًا.
error-read-only-programs = لا نستقبل شيئًا جديدًا { $until }. حاول حينئذ من جديد.
error-wrong-password = ليست هذه كلمة المرور. تحقّق من حالة الأحرف ولغة لوحة المفاتيح ثم حاول مجددًا.
draft-password = كلمة المرور أطول من اللازم. الحد الأقصى مئتا حرف.
draft-views = عدد مرات الفتح رقم صحيح من ١ إلى مليون. اتركه فارغًا إن لم ترد حدًّا.
draft-changed = تغيّر المنشور في هذه الأثناء، ربما من نافذة أخرى لديك. نسختك أدناه ولم تُحفظ بعد. احفظ مرة أخرى لتحل محل الأخرى.
draft-upload = لم يعد رفع أحد الملفات موجودًا، أو أنه يخص منشورًا آخر. اختر الملف من جديد.
draft-still = الصورة الثابتة للفيديو وحده، ولا تكون إلا صورة.
draft-idempotency-key = يجب أن يتكوّن Idempotency-Key من ٢٢ إلى ٢٠٠ من محارف ASCII المطبوعة.
draft-repeated = أُرسل طلب آخر بهذا المفتاح Idempotency-Key من قبل. استعمل مفتاحًا جديدًا لمنشور جديد.
draft-manage-secret = يجب أن يتكوّن سرّ الإدارة من ٢٢ إلى ٨٦ حرفًا من base64url. اتركه لتحصل على سرّ.

tus-version = يتحدث هذا الرفع إصدارًا غير معروف هنا من بروتوكول tus. استعمل 1.0.0.
tus-no-such-extension = يجب ذكر حجم الملف عند بدء رفعه، ولا يمكن ضم الملفات المرفوعة.
tus-no-length = ينقص Upload-Length.
tus-no-offset = ينقص Upload-Offset.
tus-number = الطول أو الموضع ليس عددًا صحيحًا.
tus-metadata = تعذّرت قراءة Upload-Metadata: أزواج من مفتاح وقيمة Base64 تفصل بينها فواصل.
tus-content-type = تُرسل بيانات الملف بنوع application/offset+octet-stream.
tus-algorithm = تعذّرت قراءة Upload-Checksum: ‏sha1 أو sha256 أو md5 ثم مسافة ثم المجموع بصيغة Base64.
tus-offset = لا ينتهي ما وصل عند هذا الموضع. اسأل أين وصل (HEAD) وتابع من هناك.
tus-overtaken = تابع طلب آخر رفع هذا الملف. اسأل أين وصل (HEAD) وتابع من هناك.
tus-too-many = هذا أكثر من حجم الملف المعلن.
tus-checksum = لم تصل البيانات كما أُرسلت. أرسلها من جديد.
tus-interrupted = توقف وصول البيانات. ما وصل محفوظ: اسأل أين وصل (HEAD) وتابع من هناك.
tus-stopping = الموقع على وشك التوقف. ما وصل محفوظ: اسأل بعد لحظات أين وصل (HEAD) وتابع من هناك.

manage-stands = النسخة الحالية
manage-add = أضف صورًا ومقاطع فيديو
field-cover = مغطّاة حتى يطلب القارئ رؤيتها
field-place = الترتيب
medium-in-words = لوضعه بين الفقرات، اكتب في سطر مستقل:
field-still = صورة ثابتة خاصة
hint-still = صورة تظهر مكان الفيديو قبل تشغيله، وفي معاينات الرابط.
field-own-frame = استخدم لقطة من الفيديو من جديد
still-processing = يجري تجهيز صورتك الثابتة.
expires-as-is = كما هو
field-new-password = كلمة مرور جديدة
hint-new-password = اتركها فارغة لتبقى كلمة المرور. الجديدة تُخرج كل من دخل بالقديمة.
field-unlock = أزل كلمة المرور
field-views-left = عدد مرات الفتح المتبقية
draft-too-many-files = { $files ->
    [zero] لا يتسع المنشور لأي ملف.
    [one] يتسع المنشور لملف واحد. ضع الباقي في منشور آخر.
    [two] يتسع المنشور لملفين. ضع الباقي في منشور آخر.
    [few] يتسع المنشور لـ { $files } ملفات. ضع الباقي في منشور آخر.
    [many] يتسع المنشور لـ { $files } ملفًا. ضع الباقي في منشور آخر.
   *[other] يتسع المنشور لـ { $files } ملف. ضع الباقي في منشور آخر.
}

medium-not-shown = تعذّر عرض ملف من هذا المنشور.
draft-twice = أُرسل «{ $field }» أكثر من مرة. أرسله مرة واحدة.
message-no-such-method = لا يمكن فعل ذلك هنا
message-no-such-method-words = لا يقبل هذا العنوان طلبًا من هذا النوع. تذكر الوثائق ما يقبله.
post-processing-look = { $media ->
    [zero] لا ملفات قيد التجهيز.
    [one] ما زال ملف واحد قيد التجهيز.
    [two] ما زال ملفان قيد التجهيز.
    [few] ما زالت { $media } ملفات قيد التجهيز.
    [many] ما زال { $media } ملفًا قيد التجهيز.
   *[other] ما زال { $media } ملف قيد التجهيز.
}
manage-last-medium = هذا كل ما في المنشور. لإزالته احذف المنشور أدناه.
about-sharex = إعدادات برنامج ShareX
about-api = وصف الواجهة البرمجية
state-open = يراه كل من لديه الرابط.
state-listed = يراه الجميع، وقد يظهر في القوائم العامة.
state-password = لا يراه إلا من لديه كلمة المرور.
state-views = { $views ->
    [zero] لا يمكن فتحه بعد الآن.
    [one] يمكن فتحه مرة واحدة أخرى، ثم يختفي.
    [two] يمكن فتحه مرتين أخريين، ثم يختفي.
    [few] يمكن فتحه { $views } مرات أخرى، ثم يختفي.
    [many] يمكن فتحه { $views } مرة أخرى، ثم يختفي.
   *[other] يمكن فتحه { $views } مرة أخرى، ثم يختفي.
}
state-sensitive = مغطّى حتى يطلب القارئ رؤيته.
state-plain-links = بسبب الطريق الذي جاء منه، تظهر روابطه كلماتٍ عادية حتى { $time }.
state-expires = يختفي في
manage-media = الصور ومقاطع الفيديو

# The console.
console-title = لوحة التحكم
console-nav = لوحة التحكم
console-home = أنت
console-people = الأشخاص
console-audit = سجل الأعمال
console-sign-in = تسجيل الدخول
console-sign-out = تسجيل الخروج
field-name = الاسم
field-role = الدور
field-code = الرمز
role-operator = مشغّل
role-moderator = مشرف
role-party = جهة مسجّلة
hint-code = ستة أرقام من تطبيقك. كل رمز يصلح لمرة واحدة.
sign-in-failed = لم ينجح ذلك. يجب أن يصح الاسم وكلمة المرور والرمز معًا؛ وإذا كنت قد استعملت هذا الرمز من قبل فانتظر الذي يليه.
passkey-sign-in = الدخول بمفتاح مرور
passkey-failed = لم ينجح مفتاح المرور هنا. حاول مرة أخرى، أو استعمل النموذج أدناه.
passkey-or-password = أو بكلمة مرور ورمز
home-lost = هاتف جديد، أو هاتف ضائع؟ يعطيك المشغّل رابطًا جديدًا.
home-everywhere = تسجيل الخروج من كل الأجهزة
home-everywhere-hint = تنتهي جميع جلساتك على هذا الجهاز وعلى كل جهاز آخر.
enrol-heading = مكانك في لوحة التحكم
enrol-until = الرابط صالح حتى
enrol-passkey = بمفتاح مرور
enrol-passkey-words = يحفظه هاتفك أو حاسوبك أو مفتاح الأمان. لا شيء تحفظه في ذاكرتك، وهو يعمل في هذا الموقع وحده.
enrol-passkey-make = أنشئ مفتاح مرور
enrol-app = رمز من تطبيق
enrol-app-words = امسح هذا بتطبيق يولّد الرموز، مثل Aegis أو Ente Auth أو مدير كلمات المرور لديك.
enrol-qr = رمز QR لتطبيقك
enrol-key = أو اكتب هذا المفتاح
enrol-open-app = افتح في تطبيق على هذا الجهاز
enrol-password = كلمة مرور
enrol-password-hint = عدد الأحرف المطلوب { $characters } أو أكثر. بضع كلمات أسهل تذكّرًا من العلامات.
enrol-first-code = الرمز الذي يعرضه تطبيقك الآن
enrol-submit = إنهاء
enrol-error-password = كلمة المرور تحتاج إلى { $characters } من الأحرف أو أكثر.
enrol-error-code = هذا الرمز غير صحيح. خذ الرمز الذي يعرضه تطبيقك في هذه اللحظة؛ وهل تُضبط ساعة هاتفك تلقائيًا؟
people-add = إضافة شخص
people-add-submit = إضافة
people-roles = يستطيع المشغّل كل شيء. أما المشرف فيرى ما ينتظر ويقرر فيه.
people-link = رابط من أجل
people-link-hint = يُعرض هذه المرة فقط. سلّمه لهذا الشخص وحده: فمن يفتحه يقرر هنا. صالح لمرة واحدة، حتى { $time }.
people-error-name = الاسم من حرف واحد إلى أربعة وستين حرفًا، كلها مرئية.
people-error-taken = يوجد هنا شخص بهذا الاسم.
people-error-oneself = لا أحد يمنع نفسه من الدخول. يستطيع ذلك مشغّل آخر.
people-error-suspended = هذا الشخص ممنوع من الدخول. اسمح له بالدخول أولًا.
people-error-changed = تعذّر ذلك: غيّر شخص آخر شيئًا قبل لحظة. هذه هي الحال الآن.
person-you = أنت
person-passkey = الدخول بمفتاح مرور
person-password = الدخول بكلمة مرور ورمز
person-waiting = لم يُستعمل الرابط بعد؛ وهو صالح حتى { $time }
person-link-ended = انتهى الرابط من دون أن يُستعمل
person-suspended = ممنوع من الدخول منذ { $time }
person-link = رابط جديد
person-suspend = منع الدخول
person-resume = السماح بالدخول
audit-when = متى
audit-who = من
audit-what = ماذا
audit-whom = لمن أو لماذا
audit-command-line = سطر الأوامر
audit-newest = الأحدث
audit-older = الأقدم
act-person-added = إضافة شخص
act-link-made = إنشاء رابط جديد
act-enrolled = إتمام التسجيل
act-signed-in = تسجيل دخول
act-sign-in-failed = تسجيل دخول فاشل
act-signed-out = تسجيل خروج
act-signed-out-everywhere = تسجيل خروج من كل الأجهزة
act-suspended = منع من الدخول
act-resumed = سماح بالدخول
telling-operators = هذه الصفحة للمشغّلين
telling-operators-words = أنت مسجّل الدخول بصفة مشرف. اطلب من أحد المشغّلين ما تحتاج إليه هنا.
telling-link = لم يعد هذا الرابط صالحًا
telling-link-words = استُعمل، أو انتهى، أو هو ناقص. يستطيع من أعطاك إياه أن ينشئ غيره.
telling-nothing = لا شيء هنا
telling-nothing-words = لا توجد حالة ولا طلب ولا شخص بهذا الرابط، أو لم يعد كذلك.
telling-elsewhere = لم يُنفَّذ شيء
telling-elsewhere-words = ما أُرسل لم يأتِ من صفحة في لوحة التحكم هذه. افتح لوحة التحكم وافعل ذلك هناك.
unsent-heading = انتهت جلستك
unsent-words = لم يُنفَّذ شيء بعد، وما كتبته ما زال هنا. سجّل الدخول في تبويب آخر، ثم عد إلى هذا التبويب وأرسله.
unsent-send = أرسله الآن
telling-deciders = ليست هذه الصفحة لك
telling-deciders-words = هنا يقرّر القائمون على الموقع. أنت تقدّم الطلبات باسم جهة مسجّلة، ولها صفحاتها الخاصة.
telling-back = إلى لوحة التحكم
nav-policy = القواعد
report-this = أبلغ عن هذا
report-heading = الإبلاغ عن محتوى
report-lead = قل ما الخطأ، وسينظر فيه من يدير هذا الموقع ويقرّر. لا تحتاج إلى حساب، ولا يلزمك أن تقول من أنت.
report-about = عمّ تُبلغ؟
report-about-post = المنشور كله
report-about-medium = الصورة أو الفيديو رقم { $number }
report-category = ما الخطأ؟
report-life = إذا كان أحد في خطر الآن، فاتصل بخدمات الطوارئ أولًا.
report-explanation = لماذا؟
report-explanation-hint = ما الذي يُرى أو يُقرأ، ولماذا لا ينبغي أن يبقى. إن كنت تعرف قانونًا يمنعه فاذكره.
report-who = من أنت، إن أردت أن تقول
report-who-hint = يُنظر في البلاغ بلا اسم أيضًا، لكن البلاغ باسم أثقل وزنًا. ولا يُطلب اسم عند الإبلاغ عن صور أطفال يُساء إليهم. لا يُعرض اسمك على الناشر.
report-name = اسمك
report-email = بريدك الإلكتروني
report-good-faith = كل هذا صحيح بحسب علمي.
report-send = إرسال البلاغ
report-promise = ستحصل على رابط تقرأ فيه ما تقرّر.
category-life-in-danger = حياة شخص في خطر
category-child-abuse = إساءة إلى طفل أو إظهاره جنسيًا
category-terrorism = يدعو إلى الإرهاب أو يمجّده
category-intimate-images = صور حميمة لشخص لم يوافق
category-violence = يهدّد شخصًا أو يدعو إلى العنف
category-hate = يثير الكراهية ضد الناس بسبب هويتهم
category-privacy = يُظهر أمورًا خاصة، مثل مكان سكن شخص
category-fraud = يحاول أخذ مال أو كلمات مرور بالخداع
category-copyright = هو عملي، أو عمل شخص آخر
category-other-illegal = يخالف القانون بطريقة أخرى
category-policy = يخالف قواعد هذا الموقع
notice-kind = لا يوجد بلاغ من هذا النوع.
notice-unregistered = لا يرسل هذا النوع إلا طرف مسجّل، ويوقّعه. أرسله بنوع “notice”.
notice-category = اختر ما الخطأ.
notice-explanation = قل لماذا.
notice-too-long = شرحك أطول من ١٠٬٠٠٠ بايت. اختصره.
notice-name = الاسم أطول من ٢٠٠ حرف. اختصره.
notice-email = هذا ليس عنوان بريد. صحّحه أو اتركه فارغًا.
notice-good-faith = أكّد أن هذا صحيح بحسب علمك.
notice-reason = الأسباب هي الحروف من a إلى e في الملحق الأول، أو أسماؤها.
notice-time = ليست هذه لحظة محددة. اكتبها هكذا: 2026-11-26T12:00:00Z.
notice-secret = لا يمنع إبلاغَ الناشر إلا أمرٌ ملزم.
notice-nothing = لا يؤدي أي من هذه الروابط إلى شيء قائم هنا.
budget-notices = هذه بلاغات كثيرة جدًا.
budget-appeals = هذه اعتراضات كثيرة جدًا.
receipt-heading = بلاغك
receipt-filed = شكرًا. وصل بلاغك.
receipt-lead = سينظر فيه شخص ويقرّر. عد إلى هذه الصفحة لتقرأ ما تقرّر.
receipt-came = وصل في
receipt-open = لم يقرّر أحد بعد.
receipt-gone = لم يعد موجودًا: حذفه ناشره أو انتهى وقته.
receipt-left = نُظر فيه، ويبقى كما هو.
receipt-covered = حُجب بغطاء: يُسأل الزوار قبل أن يروه.
receipt-removed = أُزيل.
receipt-restored = اتُّخذ إجراء بشأنه. اعترض ناشره وكان على حق: لم يعد ذلك يسري عليه.
receipt-redress = إن رأيت أن هذا خطأ فاكتب إلى من يدير الموقع واذكر هذه الصفحة. ويمكنك أيضًا اللجوء إلى القضاء.
receipt-machines = قرّر شخص. ولم تفعل البرامج سوى البحث عمّا يشبهه.
receipt-link = رابط هذه الصفحة
report-email-mailed = نكتب إليه أن البلاغ وصل، مع رابطه، ومرة أخرى حين يُتخذ القرار. لا يراه أحد غيرنا، ويُحذف بعد القرار بستة أشهر على الأكثر.
report-email-kept = لا يرسل هذا الموقع بريدًا من نفسه: العنوان لمن يقرّر إن كان لديه سؤال. لا يراه أحد غيره، ويُحذف بعد القرار بستة أشهر على الأكثر.
receipt-keep = احتفظ به لنفسك: من يملكه يقرأ ما تقرأه هنا.
receipt-mailed = ونرسله أيضًا إلى العنوان الذي أعطيته، إن كان البريد يصل إليه، وكذلك ما سيتقرّر.
receipt-not-mailed = لا يُرسل إليك ولا يمكن العثور عليه من جديد.
receipt-no-mail = لا تكتبوا إليّ
receipt-stopped = نُسي عنوانك. لن يكتب إليه أحد بعد الآن.
case-mail-refused = رُفض البريد إلى صاحب البلاغ، ونُسي العنوان.
case-mail-given-up = تعذّر إرسال البريد إلى صاحب البلاغ أربعة أيام.
letter-receipt-subject = وصل بلاغك
letter-receipt = أبلغ شخص عن شيء في { $site } يوم { $date } وأعطى هذا العنوان. والسبب المذكور:
letter-receipt-next = ينظر فيه شخص ويقرّر. وما يتقرّر يظهر على هذا الرابط:
letter-receipt-keep = احتفظ بالرابط لنفسك: من يملكه يقرأ ما تقرأه. وتصلك رسالة أخرى واحدة حين يُتخذ القرار.
letter-not-you = إن لم تكن أنت: افتح الرابط واختر «لا تكتبوا إليّ». عندها يُنسى هذا العنوان.
letter-question-subject = سؤال عن بلاغك
letter-question = قبل اتخاذ القرار يريد أحدهم أن يعرف منك شيئًا. تقرأ السؤال وتجيب عنه عبر الرابط الذي في الرسالة التي أخبرتك باستلام بلاغك. لا يعرف أحد من ذلك من أنت.
letter-decision-subject = اتُّخذ قرار في بلاغك
letter-decision = أبلغتَ عن شيء في { $site } يوم { $date }. والسبب المذكور:
letter-more = وأخرى غيرها عددها { $more }
letter-redress = إن رأيت أن هذا خطأ فاكتب إلى من يدير الموقع ({ $contact }) واذكر القرار { $number }. ويمكنك أيضًا اللجوء إلى القضاء.
letter-reply-subject = الرد على طلبك { $reference }
letter-reply = هذا ردّ { $site } على طلبك { $reference }.
letter-reply-whole = الرد الكامل موجود على الموقع لمن يسجّل الدخول، وعلى رابط الإيصال.
removed-heading = أُزيل هذا المحتوى
withheld-heading = لا يُعرض هذا في بلدك
removed-why = من قرر ذلك، ولماذا
removed-complain = إن كان لك، فرابط الإدارة يعرض الأسباب ويقبل الاعتراض. ويمكن لغيرك أن يكتب إلى من يدير الموقع أو يلجأ إلى القضاء.
removed-yours = أُزيل منشورك
removed-yours-lead = لا يراه أحد بعد الآن. لكنه لم يُتلف: إن كنت على حق فسيعود كما كان.
error-removed = أُزيل:
error-withheld = لا يُعرض في بلدك:
medium-removed = أُزيل هذا الملف.
concerned-heading = قرار بشأن منشورك
concerned-undone = لم يعد هذا القرار يسري على منشورك.
concerned-back = ما أُزيل عاد، أو هو في طريق العودة.
concerned-media = { $media ->
    [zero] لا يخص شيئًا من صور منشورك.
    [one] يخص صورة واحدة أو فيديو واحدًا من منشورك. والباقي كما كان.
    [two] يخص صورتين أو فيديوين من منشورك. والباقي كما كان.
    [few] يخص { $media } صور وفيديوهات من منشورك. والباقي كما كان.
    [many] يخص { $media } صورةً وفيديو من منشورك. والباقي كما كان.
   *[other] يخص { $media } صورة وفيديو من منشورك. والباقي كما كان.
}
statement-what = ما الذي جرى
statement-removed = أُزيل: لم يعد يراه أحد
statement-covered = غُطّي: يُسأل الزوار قبل أن يروه
statement-withheld = محجوب في بعض البلدان
statement-where = أين، وإلى متى
statement-everywhere = في كل البلدان، بلا أجل. وينتهي ذلك إن أُلغي القرار.
statement-ground = على أي أساس
statement-policy = قواعد هذا الموقع:
statement-law = القانون:
statement-facts = الوقائع
statement-origin = كيف ظهر الأمر
statement-by-notice = أبلغ عنه شخص.
statement-facts-alike = ما جرى لما يشبهه
statement-by-alike = وجد برنامج أنه يشبه شيئًا أُبلغ عنه، وشمله شخص بالقرار.
statement-by-match = وجد برنامج أنه يشبه شيئًا أُزيل من قبل.
statement-machines = ما الذي فعلته البرامج
statement-machines-words = بحثت عمّا يشبهه، ولم تقرّر شيئًا.
statement-by-person = وقرّر شخص.
statement-when = متى
statement-number = رقم القرار
statement-redress = ما الذي يمكنك فعله
statement-redress-words = يمكنك الاعتراض هنا مجانًا: ينظر فيه شخص من جديد ويجيب خلال أسبوعين. ويمكنك أيضًا اللجوء إلى هيئة لتسوية النزاعات خارج القضاء إن كانت معتمدة في بلدك وقبلت القضية (قانون الخدمات الرقمية، المادة ٢١)، وإلى القضاء في أي وقت.
appeal-heading = اعتراضك
appeal-words = لماذا هذا خطأ؟
appeal-hint = لا يكلّف شيئًا، ويجيب عنه شخص خلال أسبوعين. يمكنك الاعتراض حتى
appeal-send = اعترض
appeal-open = لم يُجب أحد بعد. ستقرأ الجواب هنا قبل
appeal-upheld = نُظر فيه من جديد، والقرار باقٍ. ويمكنك اللجوء إلى القضاء.
appeal-overturned = كنت على حق.
appeal-taken = وصل اعتراضك.
appeal-before = لقد اعترضت من قبل. سيظهر الجواب هنا.
appeal-too-late = لم يعد الاعتراض على هذا القرار ممكنًا.
appeal-no-words = قل لماذا، فيما لا يزيد على ١٠٬٠٠٠ بايت.
policy-description = ما لا يجوز نشره هنا، وكيف تُتخذ القرارات.
policy-version = النسخة { $version }
policy-in-force = سارية منذ
policy-was-until = هذه نسخة سابقة. كانت سارية حتى
policy-now = اقرأ ما هو ساري الآن
policy-not-translated = هذه القواعد غير مكتوبة بلغتك. تقرأها باللغة:
policy-languages = بلغات أخرى:
policy-contact = كيف تصل إلى من يدير هذا الموقع
policy-versions = كل النسخ
policy-versions-words = يذكر القرار النسخة التي كانت سارية حين اتُّخذ. ولا تُغيَّر أي نسخة أبدًا.
contact-description = كيف يصل المستخدمون والسلطات والأوامر إلى من يدير هذا الموقع.
contact-who = من يدير هذا الموقع
contact-country = مقرّه في:
contact-none = لم تُذكر أي وسيلة.
contact-users = للجميع
contact-users-words = للأسئلة والشكاوى وكل ما عداها، اكتب إلى شخص (قانون الخدمات الرقمية، المادة ١٢):
contact-authorities = للسلطات
contact-authorities-words = تصل إلينا سلطات الدول الأعضاء في الاتحاد الأوروبي والمفوضية والمجلس مباشرة هنا (قانون الخدمات الرقمية، المادة ١١):
contact-languages = اللغات:
contact-orders = أوامر إزالة المحتوى الإرهابي
contact-orders-words = جهة الاتصال بموجب المادة ١٥ من اللائحة (الاتحاد الأوروبي) ٢٠٢١/٧٨٤، في أي ساعة:
contact-orders-registered = تقدّم السلطة المسجّلة هنا أوامرها على هذا الموقع أو بطلب موقّع: هذا أسرع طريق، والمهلة والإيصال هما نفسهما.
contact-representative = الممثل القانوني في الاتحاد الأوروبي
contact-report = أبلغ عن شيء
contact-report-words = تحت كل منشور وكل صورة رابط «أبلغ عن هذا». لا يحتاج إلى حساب ولا إلى اسم، ويعطيك رابطًا تقرأ عليه ما تقرّر.
contact-programs = ترسل البرامج الشيء نفسه إلى POST /api/v1/notices.
contact-register = سجّل بصفتك سلطة أو مُبلِّغًا موثوقًا
contact-register-words = اكتب إلى عنوان السلطات واذكر أي جهة أنت، ولأي بلد، وبأي لغات تعمل. ثم يُتحقّق من هويتك بطريق غير رسالتك، مثل الاتصال برقم منشور في مكان آخر. بعد ذلك تسجّل الدخول هنا، أو توقّع طلباتك (RFC-9421، ‏Ed25519).
contact-register-proof = الرسالة وحدها لا تثبت هوية أحد: وإلى أن يتم ذلك يُعامل ما ترسله كبلاغ أي شخص.
contact-missing = ما لم يُذكر هنا
contact-missing-reach = وسيلة للوصول إلى من يدير هذا الموقع.
contact-missing-name = من يديره.
contact-missing-address = عنوان للرسائل.
contact-missing-languages = اللغات التي يمكن للسلطات أن تكتب بها.
contact-missing-country = البلد الذي فيه مقرّه.
contact-missing-representative = ممثل قانوني في الاتحاد الأوروبي، مع أن المقرّ خارجه.

console-queue = قائمة الانتظار
console-case = القضية
console-decisions = القرارات
console-appeals = الاعتراضات
console-banks = البنوك
queue-open = { $cases ->
    [zero] لا شيء ينتظرك.
    [one] قضية واحدة تنتظر قرارًا.
    [two] قضيتان تنتظران قرارًا.
    [few] { $cases } قضايا تنتظر قرارًا.
    [many] { $cases } قضية تنتظر قرارًا.
   *[other] { $cases } قضية تنتظر قرارًا.
}
queue-waiting = { $waiting ->
    [zero] لا منشورات تنتظر نظرة.
    [one] منشور واحد ينتظر نظرة.
    [two] منشوران ينتظران نظرة فقط.
    [few] { $waiting } منشورات تنتظر نظرة فقط.
    [many] { $waiting } منشورًا ينتظر نظرة فقط.
   *[other] { $waiting } منشور ينتظر نظرة فقط.
}
queue-appeals = { $appeals ->
    [zero] لا اعتراض ينتظر جوابًا.
    [one] اعتراض واحد ينتظر جوابًا.
    [two] اعتراضان ينتظران جوابًا.
    [few] { $appeals } اعتراضات تنتظر جوابًا.
    [many] { $appeals } اعتراضًا ينتظر جوابًا.
   *[other] { $appeals } اعتراض ينتظر جوابًا.
}
queue-empty = القائمة فارغة.
case-due = الموعد
case-opened = فُتحت
case-of-medium = صورة أو فيديو
case-of-post = منشور
case-by-lever = ينتظر نظرة
case-edited-since = غيّر الناشر منشوره بعد فتح هذه الصفحة. انظر إلى ما يقوله الآن وقرّر من جديد، وما كتبته باقٍ هنا.
case-notices-most = هذه أول خمسين، وما بعدها جاء لاحقًا.
case-notices-rest = { $notices ->
    [zero] لا بلاغات أخرى
    [one] بلاغ آخر
    [two] بلاغان آخران
    [few] { $notices } بلاغات أخرى
    [many] { $notices } بلاغًا آخر
   *[other] { $notices } بلاغ آخر
}
case-take-all = خذ الكل أو لا شيء
case-by-match = وجدها بنك بصمات
queue-held = { $held ->
    [zero] لا شيء محجوز للسبب نفسه
    [one] واحد محجوز للسبب نفسه
    [two] اثنان محجوزان للسبب نفسه
    [few] { $held } محجوزة للسبب نفسه
    [many] { $held } محجوزًا للسبب نفسه
   *[other] { $held } محجوز للسبب نفسه
}
bank-precision = أصاب البنك { $right } من { $judged }
bank-unjudged = لم يحكم أحد على البنك بعد
rank-total = الترتيب
rank-clock = الوقت
rank-source = المصدر
rank-severity = الخطورة
rank-sureness = اليقين
rank-reach = المدى
case-closed = هذه القضية مغلقة.
case-held = لا يراه أحد حتى يُتخذ قرار.
case-because = ينتظر المراجعة بسبب إجراء طارئ:
case-notices = { $notices ->
    [zero] لم يُبلغ عنه أحد
    [one] بلاغ واحد
    [two] بلاغان
    [few] { $notices } بلاغات
    [many] { $notices } بلاغًا
   *[other] { $notices } بلاغ
}
case-says-now = ما يقوله الآن
case-says-nothing = لم تعد فيه كلمات.
case-edited = عُدّل المنشور بعد الإبلاغ عنه. وفي الأسفل ما كان يقوله حينها.
case-anonymous = بلا اسم
case-match = يشبه ما يعرفه البنك
case-times-opened = مرات الفتح: { $times }
case-sure = يقين { $percent }%
case-subject = عمّ القضية
case-never-shown = لا تُعرض صوره هنا أبدًا. قرّر بحسب البلاغ وما هو معروف.
case-media = { $media ->
    [zero] لا صور
    [one] انظر إلى الصورة
    [two] انظر إلى صورتين
    [few] انظر إلى { $media } صور
    [many] انظر إلى { $media } صورة
   *[other] انظر إلى { $media } صورة
}
case-media-hint = هي صغيرة ورمادية ومموّهة. أبقِ المفتاح أو المؤشر أو الإصبع عليها لتزداد وضوحًا شيئًا فشيئًا، وإذا تركتها عادت مموّهة.
case-alike = { $members ->
    [zero] لا شيء آخر يشبهه
    [one] شيء واحد آخر يشبهه
    [two] شيئان آخران يشبهانه
    [few] { $members } أشياء أخرى تشبهه
    [many] { $members } شيئًا آخر يشبهه
   *[other] { $members } شيء آخر يشبهه
}
case-alone = القرار لهذا وحده.
case-take = احفظ هذا الاختيار
case-step = تنقَّل بالمفتاح
case-tick = اختر أو استبعد بالمفتاح
case-decide = القرار
case-hold = أخفه حتى يُتخذ قرار
case-let-go = دع الجميع يرونه
case-release = أظهره من جديد حتى يُتخذ قرار
case-action = ماذا يُفعل؟
action-remove = إزالته
action-cover = تغطيته
action-withhold = حجبه في بعض البلدان
action-no-action = تركه كما هو
case-with-alike = التغطية أو الحجب أو الإبقاء تشمل أيضًا كل ما يشبهه مما اختير
case-with-media = تُخفى صوره ومقاطعه أيضًا حيثما وُجدت أو ظهرت
case-clause = على أساس
case-by-law = القانون (اذكره في الأسفل)
case-law = أي قانون، إن كان قانونًا
case-facts = ما الذي جرى، للناشر
case-facts-hint = يقرأ الناشر هذه الكلمات. لا تكرر ما هو سيئ، ولا تذكر من أبلغ.
case-do = قرّر
case-too-late = قرّر شخص آخر، أو لم يعد موجودًا.
decision-action = قل ماذا يُفعل.
decision-ground = قل على أي أساس: بند، أو أي قانون.
decision-facts = قل ما الذي جرى، بكلمات للناشر.
decision-too-long = كلماتك أطول من ١٠٬٠٠٠ بايت. اختصرها.
decision-countries = اذكر البلدان، لكل منها حرفان: PL أو DE، أو EU للاتحاد الأوروبي كله.
decision-ordered = هناك أمر ملزم يطلب إزالة هذا. أزله، أو بيّن في صفحة الأمر ضمن الطلبات لماذا لا يمكن تنفيذه، ثم قرّر.
decision-no-countries = لا يعرف الموقع من أي بلد يأتي الطلب. وفّر قاعدة بيانات للبلدان (القسم [geography] في الإعدادات)، أو اختر قرارًا آخر.
case-countries = البلدان (للحجب فقط)، مثل PL أو DE أو EU
case-bank = البنك الذي يتعلّمه
decision-no-bank = حُذف البنك الذي اخترته في هذه الأثناء، أو صار يعدّ فقط. اختر بنكًا آخر.
decision-no-clause = تغيّرت القواعد في هذه الأثناء ولم يعد فيها هذا البند. اختر بندًا آخر.
reach-in-posts = { $count ->
    [zero] لا منشورات
    [one] منشور واحد
    [two] منشوران
    [few] { $count } منشورات
    [many] { $count } منشورًا
   *[other] { $count } منشور
}
reach-media = { $count ->
    [zero] لا صور ولا فيديوهات
    [one] صورة واحدة أو فيديو واحد
    [two] صورتان أو فيديوان
    [few] { $count } صور وفيديوهات
    [many] { $count } صورةً وفيديو
   *[other] { $count } صورة وفيديو
}
reading-exact = الملف نفسه
reading-pdq = الصورة نفسها (PDQ)
reading-keypoints = أجزاء من الصورة
reading-frames = لقطات من فيديو
reading-text = الكلمات
reading-links = الروابط نفسها
reading-url = الرابط نفسه
reading-domain = النطاق نفسه
reading-tlsh = كلمات متشابهة (TLSH)
reading-mirrored = معكوسة
reading-turned = مدوّرة
reading-trimmed = بلا إطارها
reading-uncaptioned = بلا شريط العنوان
reach-left = متروكة: { $count }
reach-held = محجوزة: { $count }
reach-unsure = أقل يقينًا من المعتاد: { $count }، انظر أولًا
reach-given-back = أُعيدت بعد اعتراض: { $count }
told-decided = تم القرار.
told-undone = أُلغي القرار. عاد ما أُزيل، أو هو في طريق العودة.
told-undone-else = أُلغي القرار: هو كما كان من قبل.
told-held = لا يراه أحد الآن.
told-released = يمكن رؤيته من جديد.
told-taken = حُفظ اختيارك.
banks-lead = ما يتعرّف عليه هذا الموقع من جديد. الإضافة والحذف من سطر الأوامر.
banks-none = لا يوجد أي بنك بعد.
bank-holds = يحجز ما يشبه شيئًا فيه حتى يُتخذ قرار
bank-covers = يغطي ما يشبه شيئًا فيه
bank-logs = يعدّ ما يشبه شيئًا فيه
bank-negative = يترك ما حُسب خطأً شيئًا آخر
bank-signals = البصمات:
bank-matched = التطابقات:
bank-held = المحجوز:
bank-distrusted = كان كثير الخطأ، ويكتفي بالعدّ منذ { $time }
bank-trust = دعه يعمل من جديد
told-trusted = عاد البنك إلى العمل.

# The site’s state, alarms, and nobody at home.
console-watch = المراقبة
watch-at = الحال في
watch-well = كل شيء على ما يرام
watch-troubles = { $troubles ->
    [zero] { $troubles } أمر يحتاج إليك
    [one] أمر واحد يحتاج إليك
    [two] أمران يحتاجان إليك
    [few] { $troubles } أمور تحتاج إليك
    [many] { $troubles } أمرًا يحتاج إليك
   *[other] { $troubles } أمر يحتاج إليك
}
watch-away-link = إن لم يكن أحد هنا
watch-lever = إجراء سارٍ { $until }: { $lever }
watch-storm = عاصفة: يُطلب أكثر بكثير من نصيب أي أحد، والقادمون الجدد ينتظرون في الصف.
watch-webhook-lost = لم يُوصَل إلى عنوان التنبيه (webhook) وتُرك: ربما لم يُخبَر أحدهم.
watch-late = { $cases ->
    [zero] انقضت مهلة { $cases } قضية.
    [one] انقضت مهلة قضية واحدة.
    [two] انقضت مهلة قضيتين.
    [few] انقضت مهلة { $cases } قضايا.
    [many] انقضت مهلة { $cases } قضية.
   *[other] انقضت مهلة { $cases } قضية.
}
watch-hour = { $cases ->
    [zero] { $cases } قضية تنقضي مهلتها خلال ساعة.
    [one] قضية واحدة تنقضي مهلتها خلال ساعة.
    [two] قضيتان تنقضي مهلتهما خلال ساعة.
    [few] { $cases } قضايا تنقضي مهلتها خلال ساعة.
    [many] { $cases } قضية تنقضي مهلتها خلال ساعة.
   *[other] { $cases } قضية تنقضي مهلتها خلال ساعة.
}
watch-jobs-dead = فشلت مهام نهائيًا.
watch-second-looks = عناصر في البنوك تطال كثيرًا مما لم يبلغ عنه أحد: { $items }. لا تفعل سوى العدّ حتى تنظر فيها.
watch-mail-lost = { $mails ->
    [zero] رُفضت { $mails } رسالة بريد أو تُخلّي عنها في آخر ٢٤ ساعة.
    [one] رُفضت رسالة بريد أو تُخلّي عنها في آخر ٢٤ ساعة.
    [two] رُفضت رسالتا بريد أو تُخلّي عنهما في آخر ٢٤ ساعة.
    [few] رُفضت { $mails } رسائل بريد أو تُخلّي عنها في آخر ٢٤ ساعة.
    [many] رُفضت { $mails } رسالة بريد أو تُخلّي عنها في آخر ٢٤ ساعة.
   *[other] رُفضت { $mails } رسالة بريد أو تُخلّي عنها في آخر ٢٤ ساعة.
}
watch-uploads = الملفات المرفوعة
watch-reports = البلاغات
watch-posts = المنشورات
watch-matches = ما وجدته البنوك
watch-bank = البنك
watch-day = آخر ٢٤ ساعة
watch-held = المحجوز
watch-right = كم مرة أصاب
watch-distrusted = يعدّ فقط
watch-sources = بحسب المصدر
watch-source = المصدر
watch-busy = تحت الضغط
watch-busy-hint = أجزاء من الشبكة تستهلك كثيرًا مما هو مسموح به. أسماؤها مصطنعة، لا تعني شيئًا في مكان آخر، وتتغيّر كل يوم.
watch-busy-none = لا أحد يستهلك كثيرًا.
watch-used = استُهلك منه { $percent }٪
watch-parts = الجهاز
watch-dead = مهام فشلت
watch-dead-none = لا شيء.
watch-tried = { $times ->
    [zero] أُدرجت في { $time }، وجُرّبت { $times } مرة
    [one] أُدرجت في { $time }، وجُرّبت مرة واحدة
    [two] أُدرجت في { $time }، وجُرّبت مرتين
    [few] أُدرجت في { $time }، وجُرّبت { $times } مرات
    [many] أُدرجت في { $time }، وجُرّبت { $times } مرة
   *[other] أُدرجت في { $time }، وجُرّبت { $times } مرة
}
watch-retry = أعد المحاولة
watch-alarms = التنبيهات
watch-alarms-none = لا تنبيهات حتى الآن.
watch-test = أرسل تنبيهًا تجريبيًا
watch-nobody-told = لا أحد يُبلَّغ بها: اضبط alarms.mail أو alarms.webhook في الإعدادات.
watch-by-mail = بالبريد إلى { $addresses }.
watch-by-webhook = إلى { $host }.
watch-webhook-failed = لم يستلم الأخير ({ $answer }؛ عدد المحاولات { $times }).
watch-quiet = هدوء من { $from } إلى { $to } ({ $zone }): فلا يصل حينها إلا الأوامر.
told-retried = تُعاد المحاولة.
told-tested = تنبيه تجريبي في طريقه.
told-here = أنت هنا.
chart-summary = { $all } في ٢٤ ساعة، منها { $now } في هذه الساعة حتى الآن.
chart-usual = المعتاد في هذه الساعة: { $usual }.
chart-no-usual = يُعرف المعتاد بعد ثلاثة أيام.
chart-numbers = بالأرقام
chart-hour = الساعة
chart-count = العدد
chart-usually = المعتاد
chart-key-hour = ساعة (بالتوقيت العالمي)
chart-key-now = الساعة الحالية ولم تنته
chart-key-unusual = أكثر من المعتاد بكثير
chart-key-usual = المعتاد
degraded-blobs = مخزن الصور والفيديوهات لا يجيب.
degraded-disk = القرص شبه ممتلئ: لا تُقبل ملفات جديدة.
degraded-proxy = أمام الموقع خادم ويب لا يذكره server.trusted_proxies: فيُحسب الزوّار كلهم زائرًا واحدًا.
degraded-sandbox-off = تُفحص ملفات الغرباء بلا عزل، بحسب الإعدادات.
degraded-sandbox = العزل لا يعمل: لا يمكن تجهيز صورة ولا فيديو.
degraded-ffmpeg = ‏ffmpeg لا يعمل: لا يمكن تجهيز أي فيديو.
degraded-media = الصور والفيديوهات تنتظر طويلًا حتى تُجهَّز.
degraded-deletions = عمليات الحذف تنتظر طويلًا.
home-seen = أنت هنا: شوهد مشغّل آخر مرة في { $time }.
home-new = لم يُشاهَد أي مشغّل بعد.
home-unseen = لا أحد هنا: لم يُشاهَد أي مشغّل. والموقع يلتزم بما اخترته منذ { $time }.
home-queue = ينتظر أكثر مما يُحتمل. والموقع يلتزم بما اخترته منذ { $time }.
clock-late = انقضت مهلته
clock-hour = خلال ساعة
clock-day = خلال يوم
clock-later = بعد ذلك
clock-none = بلا مهلة
reach-ipv4 = عنوان IPv4 واحد
reach-ipv4-24 = ‏٢٥٦ عنوان IPv4 متجاورًا
reach-ipv6-64 = شبكة IPv6 واحدة
reach-ipv6-56 = شبكات منزل (IPv6)
reach-ipv6-48 = شبكات شركة (IPv6)
reach-ipv4-16 = مزوّد خدمة (IPv4)
reach-ipv6-32 = مزوّد خدمة (IPv6)
budget-post = منشورات
budget-upload = عمليات رفع بدأت
budget-open-upload = عمليات رفع جارية
budget-byte = بايتات
budget-guess = كلمات مرور خاطئة
budget-manage-guess = روابط إدارة خاطئة
budget-sign-in = محاولات دخول فاشلة
budget-notice = بلاغات
budget-appeal = شكاوى
job-prepare-media = تجهيز صورة أو فيديو (أُخبر ناشره بالفشل)
job-find-alike = البحث عمّا يشبه قضية
job-search = البحث عمّا تعلّمه بنك
job-settle = نقل ما أُزيل إلى الحجر
job-seal = ختم الأدلة
job-restore = إعادة ما أُزيل
job-mail = إرسال البريد
job-webhook = استدعاء الخطاف
job-delete = الحذف ({ $kind })
job-other = { $kind }
part-well = يعمل
part-unwell = لا يعمل
part-disk = القرص
part-disk-free = المتاح { $size }
part-blobs = الصور والفيديوهات
part-database = قاعدة البيانات
part-sandbox = العزل
part-jobs = المهام
part-jobs-now = تنتظر { $waiting }، وتجري { $running }
part-mail = البريد
part-mail-now = أُرسل { $sent } في ٢٤ ساعة، وينتظر { $waiting }، وضاع { $lost }
part-mail-none = لا يُرسل شيء
alarm-quiet = ينتظر نهاية ساعات الهدوء
alarm-stands = لا يزال كذلك
alarm-over = انتهى
alarm-order = انقضى نصف مهلة أمر، وقضيته مفتوحة.
alarm-queue = { $number ->
    [zero] { $number } قضية مفتوحة.
    [one] قضية واحدة مفتوحة.
    [two] قضيتان مفتوحتان.
    [few] { $number } قضايا مفتوحة.
    [many] { $number } قضية مفتوحة.
   *[other] { $number } قضية مفتوحة.
}
alarm-wave = موجة: { $number ->
    [zero] { $number } تطابق
    [one] تطابق واحد
    [two] تطابقان
    [few] { $number } تطابقات
    [many] { $number } تطابقًا
   *[other] { $number } تطابق
} مع عنصر واحد من البنك { $bank } في وقت قصير.
alarm-wave-unnamed = موجة: { $number ->
    [zero] { $number } تطابق
    [one] تطابق واحد
    [two] تطابقان
    [few] { $number } تطابقات
    [many] { $number } تطابقًا
   *[other] { $number } تطابق
} مع عنصر واحد من أحد البنوك في وقت قصير.
alarm-alike = موجة: { $number } من المنشورات المتشابهة في وقت قصير، ولا يعرف أي بنك ما فيها. يمكن الإبلاغ عن أولها عبر الرابط.
alarm-job = { $number ->
    [zero] فشلت { $number } مهمة نهائيًا: { $kind }.
    [one] فشلت مهمة واحدة نهائيًا: { $kind }.
    [two] فشلت مهمتان نهائيًا: { $kind }.
    [few] فشلت { $number } مهام نهائيًا: { $kind }.
    [many] فشلت { $number } مهمة نهائيًا: { $kind }.
   *[other] فشلت { $number } مهمة نهائيًا: { $kind }.
}
alarm-disk = القرص شبه ممتلئ: المتاح { $size }.
alarm-away = لا أحد هنا: يلتزم الموقع بما اخترته لذلك.
alarm-test = هذا اختبار. لا شيء يدعو إلى القلق.
letter-alarms = { $site }: { $alarms ->
    [zero] { $alarms } تنبيهًا
    [one] { $alarms } تنبيهًا
    [two] تنبيهان
    [few] { $alarms } تنبيهات
    [many] { $alarms } تنبيهًا
   *[other] { $alarms } تنبيهًا
}
letter-alarms-state = حال الموقع الآن: { $link }
letter-alarm-raised = منذ { $time }.
letter-alarm-over = وقد انتهى.
act-job-retried = أُعيدت محاولة مهمة فشلت
act-fell-back = لم يكن أحد هنا: التزم الموقع بما اختير
act-came-back = عاد الموقع إلى عادته
length-hours = { $hours ->
    [zero] { $hours } ساعة
    [one] ساعة واحدة
    [two] ساعتين
    [few] { $hours } ساعات
    [many] { $hours } ساعة
   *[other] { $hours } ساعة
}
length-minutes = { $minutes ->
    [zero] { $minutes } دقيقة
    [one] دقيقة واحدة
    [two] دقيقتين
    [few] { $minutes } دقائق
    [many] { $minutes } دقيقة
   *[other] { $minutes } دقيقة
}
away-heading = إن لم يكن أحد هنا
away-lead = إن لم يُشاهدك الموقع طويلًا، أو انتظر أكثر مما تستطيع البتّ فيه، يلتزم بما اخترته مسبقًا، ويقول ذلك للجميع، ثم يعود من تلقاء نفسه.
away-here = أنا هنا
away-here-hint = كل ما تفعله في لوحة التحكم يقول ذلك أيضًا؛ أما صفحة تبقى مفتوحة فلا.
away-come-back = أنا هنا، عُد إلى المعتاد
away-come-back-hint = يعود كل شيء كما كان فورًا. وإن بقي المنتظر كثيرًا فلا يُعتدّ به حتى يقصر الطابور من جديد.
away-rules = متى
away-rules-none = أبدًا: لم يُضبط شيء.
away-rules-hint = تختار ذلك في القسم [away] من الإعدادات.
away-rule-unseen = إن لم يُشاهَد أي مشغّل مدة { $length }.
away-rule-queue = إن زادت القضايا المفتوحة على { $cases }، إلى أن تصير { $calm } أو أقل.
away-rehearsal = تجربة
away-rehearsal-hint = ما الذي سيحدث الآن. ولا يُنفَّذ منه شيء.
away-begun = لقد بدأ.
away-begins-now = سيبدأ فورًا.
away-begins = سيبدأ في { $time } إن لم تُشاهَد حتى ذلك الحين.
away-begins-queue = يبدأ حالما يتجاوز عدد القضايا المفتوحة { $cases }.
away-never = لن يبدأ من تلقاء نفسه أبدًا.
away-deed-orders = يُقَرّ باستلام الأوامر: تقول إيصالاتها إن لا أحد هنا. وتمضي مهلها.
away-deed-woken = تُنبَّه عند نصف مهلة الأمر.
away-deed-not-woken = لا يُنبَّه أحد: ليس للتنبيهات طريق إليك.
away-deed-hold = { $cases ->
    [zero] يُحجب ما تتعلق به أوامر التصرف حتى تقرّر. ولا شيء ينتظر الآن.
    [one] يُحجب ما تتعلق به أوامر التصرف حتى تقرّر: قضية واحدة الآن.
    [two] يُحجب ما تتعلق به أوامر التصرف حتى تقرّر: قضيتان الآن.
    [few] يُحجب ما تتعلق به أوامر التصرف حتى تقرّر: { $cases } قضايا الآن.
    [many] يُحجب ما تتعلق به أوامر التصرف حتى تقرّر: { $cases } قضية الآن.
   *[other] يُحجب ما تتعلق به أوامر التصرف حتى تقرّر: { $cases } قضية الآن.
}
away-deed-no-hold = يبقى ما تتعلق به الأوامر كما هو حتى تقرّر.
away-poster = ما الذي سيقرؤه الناشرون
away-poster-words = لا أحد ممن يرعى هذا الموقع هنا الآن.
away-poster-busy = ينتظر هنا الآن أكثر مما يستطيع من يرعى هذا الموقع النظر فيه.
away-order = لا أحد ممن يقرّر هنا الآن: طلبك مستلم، ومهلته تمضي.
away-order-held = ويُحجب ما يتعلق به إلى أن يقرّر.
away-again = انظر من جديد
decisions-none = لم يُقرَّر شيء بعد.
decision-undo = ألغ هذا القرار
decision-undone = أُلغي
decision-destroyed = أُتلف ما أزاله
appeals-none = لا اعتراض ينتظر.
appeals-told-back = تمت الإجابة: سيعود كما كان.
appeals-told-given-back = تمت الإجابة: يعود هذا المنشور، ويبقى الباقي كما تقرر.
appeals-told-stands = تمت الإجابة: يبقى القرار قائمًا.
appeal-about = ما أُزيل
appeal-about-hint = مفتوح لمن يجيب ما دام الاعتراض بلا جواب. يبقى في الحجر، وتُحسب المشاهدات كغيرها.
appeal-reach = شمل القرار كل هذا، وإذا أُلغي عاد كله:
appeal-answer = جوابك للناشر
appeal-overturn = هو على حق: ألغ القرار
appeal-give-back = هو على حق في هذا المنشور: أعد هذا وحده
appeal-uphold = القرار باقٍ
act-case-held = أُخفي حتى يُتخذ قرار
act-case-released = أُطلق: يُرى من جديد
act-case-decided = اتُّخذ قرار في قضية
act-decision-undone = أُلغي قرار
act-appeal-answered = أُجيب عن اعتراض
act-looked = نُظر إلى صورة
act-party-added = سُجِّلت جهة
act-party-checked = جرى التحقق من هوية الجهة
act-party-suspended = أُوقفت الجهة
act-party-resumed = عاد للجهة حق التقديم
act-key-added = أُعطيت الجهة مفتاحًا
act-key-revoked = أُلغي المفتاح
act-filed = قُدِّم طلب
act-filing-answered = أُجيب عن الطلب
act-silence-set = تغيّرت مدة كتمان أمر
act-policy-set = دخلت نسخة جديدة من القواعد حيّز التنفيذ
act-match-released = أُظهر من سطر الأوامر
act-match-kept = بقي مخفيًا من سطر الأوامر
act-bank-distrusted = كثير الخطأ، فصار يكتفي بالعدّ
act-bank-trusted = عاد موثوقًا به

portal-title = البوابة
portal-mine = طلباتكم
portal-list = تقديم قائمة
portal-list-way = طلبات كثيرة دفعة واحدة: قدّموا قائمة (CSV أو أسطر JSON)
portal-file = تقديم طلب
portal-none = لم يُقدَّم شيء بعد.
portal-filed = استلمناه. هذه الصفحة هي الإيصال، ولاحقًا هي الرد.
portal-part-order = الطلب
portal-part-content = موضوعه
portal-part-secret = هل يجوز إخبار الناشر
portal-part-redress = كيف يُطعن فيه
portal-send = قدّموه
portal-send-hint = يُعدّ مستلَمًا لحظة الضغط، والصفحة التالية تؤكد ذلك.
console-filings = الطلبات
console-parties = الجهات
kind-notice = إشعار (قانون الخدمات الرقمية، المادة ١٦)
kind-trusted-flagger = إشعار من مُبلِّغ موثوق (قانون الخدمات الرقمية، المادة ٢٢)
kind-tco-referral = إحالة محتوى إرهابي
kind-voluntary-referral = إحالة
kind-tco-removal-order = أمر إزالة (لائحة المحتوى الإرهابي، المادة ٣)
kind-dsa-order = أمر باتخاذ إجراء (قانون الخدمات الرقمية، المادة ٩)
kind-court-order = أمر محكمة باتخاذ إجراء
kind-dsa-information-order = أمر بتقديم معلومات (قانون الخدمات الرقمية، المادة ١٠)
kind-court-information-order = أمر محكمة بتقديم معلومات
kind-copyright = طلب يتعلق بحقوق المؤلف
kind-privacy = طلب يتعلق بالخصوصية (اللائحة العامة لحماية البيانات، المادة ١٧)
kind-preservation = طلب حفظ بيانات
kind-threat = خطر على حياة إنسان (قانون الخدمات الرقمية، المادة ١٨)
follows-decide = هو طلب: يقرر الموقع وفق قواعده ويخبركم بما قرر.
follows-act = هو ملزم، في الأجل الذي يحدده.
follows-hour = هو ملزم، خلال ساعة من استلامه.
follows-tell = هو ملزم: يجيب الموقع بما لديه.
follows-keep = هو طلب بحفظ ما هو موجود.
fault-no-link = لا يقود أي رابط فيه إلى شيء موجود في هذا الموقع أو كان فيه يومًا.
fault-reference = رقم الملف لدى المرسِل ناقص.
fault-ground = الأساس ناقص: اذكروا الأسباب أو القانون.
fault-issued = تاريخ الإصدار ناقص، أو لم يحن بعد.
fault-asked = لم تُذكر المعلومات المطلوبة.
fault-jurisdiction = يبدو أن المرسِل لا ولاية له هنا.
inability-impossible = قوة قاهرة، أو استحالة لأسباب تقنية أو تشغيلية موضوعية
inability-errors = فيه أخطاء ظاهرة
inability-information = لا يتضمن معلومات كافية
reason-incites = (أ) يحرّض على جرائم إرهابية، كأن يمجّدها
reason-solicits = (ب) يستدرج إلى ارتكاب هذه الجرائم أو الإسهام فيها
reason-participation = (ج) يستدرج إلى المشاركة في أنشطة جماعة إرهابية
reason-instructs = (د) يعلّم صنع المتفجرات أو الأسلحة أو المواد الضارة أو استعمالها، أو طرقًا أخرى
reason-threatens = (هـ) يهدد بارتكاب جريمة إرهابية
party-authority = سلطة
party-trusted-flagger = مُبلِّغ موثوق
party-partner = منصة شريكة
filing-open = استُلم، ولم يقرر أحد بعد
filing-done = نُفّذ
filing-decided = صدر فيه قرار
filing-cannot = لا يمكن تنفيذه
filing-told = أُجيب عنه
filing-received = استُلم
filing-late = انتهى أجله
filing-links = { $links ->
    [zero] بلا روابط
    [one] رابط واحد
    [two] رابطان
    [few] { $links } روابط
    [many] { $links } رابطًا
   *[other] { $links } رابط
}
filing-faults = ما فيه من خلل، بقدر ما يرى البرنامج
filing-confirm = البرنامج غير متأكد من هذا: أكّده بقرار أو بجواب.
filing-no-links = لا يذكر أي رابط.
links-shown = الروابط من { $first } إلى { $last } من أصل { $all }
links-before = الروابط السابقة
links-after = الروابط التالية
filing-silence = لا يجوز إخبار الناشر
filing-silent-until = لا يُخبَر أحد بذلك حتى
filing-silence-ended = انتهى ذلك في
filing-silence-longer = المدة نفسها مرة أخرى
filing-silence-end = أنهِه الآن
filing-tell = قل ما هو موجود
filing-tell-hint = هذه حقائق عن منشورات وملفات، لا ما تُظهره أبدًا. اقرأها، واشطب ما لم يُطلب، ثم أرسلها.
filing-send = أرسل الجواب
filing-refuse = لا يمكن تنفيذه
filing-words = ما السبب بالضبط، وما الذي على المرسِل أن يوضحه؟
filing-words-hint = يقرأ المرسِل هذه الكلمات، في الملحق الثالث إن كان أمر إزالة.
filing-answered-before = أُجيب عنه من قبل. الجواب الجديد يحل محل القديم.
filing-reply = ما يقرؤه المرسِل الآن
filing-no-reason = قل لماذا لا يمكن تنفيذه.
filing-done-already = نُفّذ الأمر: كل ما يذكره محجوب عن الجميع. إن كان القرار خطأ فتراجع عنه أولًا.
filing-no-words = قل ذلك بكلمات، ١٠٬٠٠٠ بايت على الأكثر.
filing-no-silence = لا يمكن إطالة هذا الكتمان.
filings-waiting = في الانتظار
filings-rest = كل ما عداها، الأحدث أولًا
filings-none = لم تطلب أي جهة مسجلة شيئًا بعد.
told-answered = أُرسل الجواب.
told-silence = تغيّرت مدة الكتمان.
mark-unchecked = لم تُتحقق الهوية
mark-suspended = موقوفة
mark-confirm = يحتاج إلى تأكيد
mark-silent = لا يجوز إخبار الناشر قبل
mark-secret = يجب ألا يُخبَر الناشر
mark-unregistered = غير مسجَّل
reply-annex-2 = اللائحة (الاتحاد الأوروبي) 2021/784، الملحق الثاني
reply-annex-2-heading = إفادة بعد إزالة محتوى إرهابي
reply-annex-3 = اللائحة (الاتحاد الأوروبي) 2021/784، الملحق الثالث
reply-annex-3-heading = إفادة بتعذر تنفيذ أمر الإزالة
reply-cannot-heading = لماذا لا يمكن تنفيذ هذا
reply-holdings-heading = الرد على طلب المعلومات
reply-received-heading = إشعار بالاستلام
reply-outcome-heading = ما تقرر
reply-effect-heading = تنفيذ الأمر
reply-sides = أ. من طلب، وممن طلب
reply-addressee = المرسَل إليه
reply-sender = صادر عن
reply-kind = نوع الطلب
reply-their-reference = رقم الملف لدى المرسِل
reply-our-reference = رقم الملف لدى المرسَل إليه
reply-received = استُلم
reply-issued = صدر
reply-measures = ب. الإجراءات المتخذة
reply-measure = الإجراء
reply-gone-before = لم يعد شيء منه قائمًا: حذفه ناشروه، أو انتهت مدته.
reply-measured = تاريخ الإجراء ووقته
measure-removed = أُزيل المحتوى
measure-disabled = عُطّل الوصول إليه في جميع الدول الأعضاء
reply-inability = ب. لماذا لا يمكن تنفيذه
reply-reason = السبب
reply-details = معلومات أخرى
reply-clarify = ما يجب توضيحه
reply-answered = قيل في
reply-holdings = ب. ما هو موجود
reply-we-hold = لدينا
reply-effect = الأثر
effect-given = نُفّذ الأمر.
effect-in-part = نُفّذ جزء من الأمر.
effect-not-given = لم يُنفَّذ الأمر.
reply-known = ب. المعروف حتى الآن
reply-due = يجب إنجازه قبل
reply-no-clock = لا يسري الأجل حتى يُوضَّح الناقص.
reply-no-time = لم يُحدَّد أجل.
reply-faults = الناقص أو الخاطئ
reply-links = الروابط
reply-signer = ج. بيانات المرسَل إليه
reply-provider = مقدم خدمة الاستضافة
reply-country = الدولة العضو التي يقوم فيها
reply-person = الشخص المخوَّل
reply-operator = مشغّل الموقع
reply-contact = جهة الاتصال
reply-date = التاريخ
reply-redress = إن لم توافقوا
reply-redress-how = كيف تشتكون
reply-redress-words = اكتبوا إلى جهة الاتصال في هذا الموقع واذكروا رقم الملف لدينا، فينظر فيه إنسان مرة أخرى. ويمكنكم اللجوء إلى القضاء.
reply-request = ما طُلب
reply-category = المخالفة
reply-follows = ما يترتب عليه
reply-silent = لا يُخبَر الناشر حتى
reply-download = احفظه نصًّا
reply-print = تُطبع هذه الصفحة كوثيقة.
link-there = هناك شيء؛ انظروا الجواب.
link-open = لم يقرر أحد بعد.
link-gone = لم يعد موجودًا.
link-withdrawn = سُحب: لم يعد مطلوبًا.
link-nothing = لم يكن هناك يومًا شيء من هذا الموقع.
link-removed = أُزيل.
link-withheld = حُجب في بعض البلدان.
link-covered = غُطّي بتحذير.
link-left = تُرك كما هو.
box-ticked = محدَّد:
box-empty = غير محدَّد:
field-reference = رقم الملف لديكم
field-issued = صدر في
field-utc = اليوم والوقت بالتوقيت العالمي (UTC)
field-legal-basis = الأساس القانوني
field-due = يجب إنجازه قبل
field-subjects = الروابط
field-subjects-hint = رابط في كل سطر: منشورات، أو صور ومقاطع مفردة، من هذا الموقع
field-reasons = الأسباب
field-asks = المعلومات المطلوبة
field-explanation = الشرح
field-secret = لا يجوز إخبار الناشر بذلك
field-secret-until = حتى
field-secret-tco = بالتوقيت العالمي (UTC). ستة أسابيع من الاستلام على الأكثر، وإن تُرك فارغًا فهي ستة أسابيع.
field-redress = الجهة أو المحكمة، والمهلة، وأين توجد القواعد
holdings-we-hold = لدينا ما يلي، ولا شيء سواه.
holdings-nothing = لم يكن هناك يومًا شيء من هذا الموقع.
holdings-preserved = حُذف في { $time }، حذفه ناشره أو انتهى وقته. وهو محفوظ لا يراه أحد حتى { $until } على الأقل.
holdings-preserved-open = حُذف في { $time }، حذفه ناشره أو انتهى وقته. وهو محفوظ لا يراه أحد ما دام هناك أمر مفتوح بشأنه.
holdings-gone = لم يعد موجودًا. ليس لدينا منه إلا أنه كان هناك شيء.
holdings-post = منشور، { $id }، نُشر في { $time }.
holdings-edited = عُدّل آخر مرة في { $time }.
holdings-expires = تنتهي مدته في { $time }.
holdings-language = يقول ناشره إن لغته: { $language }.
holdings-media = { $media ->
    [zero] ليس فيه صور ولا مقاطع.
    [one] فيه صورة واحدة أو مقطع واحد:
    [two] فيه صورتان أو مقطعان:
    [few] فيه { $media } صور ومقاطع:
    [many] فيه { $media } صورةً ومقطعًا:
   *[other] فيه { $media } صورة ومقطع:
}
holdings-no-file = بلا ملف
holdings-as-arrived = ويُعرف أيضًا بـ
holdings-public = يراه الجميع.
holdings-locked = أقفله ناشره.
holdings-hidden = لا يراه أحد حتى يقرر أحد.
holdings-removed = أُزيل في { $time } ويُحفظ مشفَّرًا حتى { $until }.
holdings-destroyed = أُزيل، ثم أُتلف في { $time }.
holdings-not-held = ليس لدينا عن ناشره اسم ولا حساب ولا عنوان شبكة ولا وصف متصفح: هذا الموقع لا يدوّن شيئًا منها.
line-taken = قُبل
line-duplicate = مكرر
line-refused = رُفض
line-same-as = يقول ما يقوله السطر { $line }.
list-file-heading = اختاروا قائمة
list-file = الملف
list-hint = جدول (CSV) أو كائن JSON في كل سطر، حتى ١٠٬٠٠٠ سطر. كل سطر طلب قائم بذاته.
list-charset = الترميز
list-charset-usual = UTF-8، أو كما يقول الملف
list-send = قدّموا القائمة
list-columns = شكل القائمة
list-columns-hint = السطر الأول يسمي الأعمدة. بين الروابط أو الأسباب في الحقل الواحد مسافة. وفي أسطر JSON الأسماء نفسها، غير أن الروابط قائمة اسمها ‎subjects‎.
list-answer = نتيجة قائمتكم
list-tally = { $taken ->
    [zero] لم يُقبل أي سطر
    [one] قُبل سطر واحد
    [two] قُبل سطران
    [few] قُبلت { $taken } أسطر
    [many] قُبل { $taken } سطرًا
   *[other] قُبل { $taken } سطر
}؛ مكرر: { $duplicates }؛ مرفوض: { $refused }.
list-download = احفظوا الجواب جدولًا (CSV)
list-left = { $lines ->
    [zero] لا أسطر أخرى.
    [one] سطر آخر في الجدول وحده.
    [two] سطران آخران في الجدول وحده.
    [few] { $lines } أسطر أخرى في الجدول وحده.
    [many] { $lines } سطرًا آخر في الجدول وحده.
   *[other] { $lines } سطر آخر في الجدول وحده.
}
list-line = السطر
list-state = الجواب
list-words = الخلل
list-wrong = لا يمكن قراءة القائمة:
list-too-long = فيها أكثر من { $lines } سطر.
list-no-file = لا ملف.
list-no-charset = لا يوجد ترميز { $name }.
list-no-column = العمود { $name } غير معروف.
list-no-column-url = العمود { $name } ناقص.
list-no-table = ليست جدولًا.
line-too-many-fields = الحقول أكثر من أعمدة السطر الأول.
line-not-utf8 = ليس بترميز UTF-8: احفظوا القائمة بترميز UTF-8 أو اذكروا ترميزها.
line-no-flag = لا هو 1 ولا 0.
line-open-quote = علامة اقتباس تفتح حقلًا هنا ولا تغلقه.
line-no-object = ليس كائن JSON بحقول الطلب.
file-too-many = لا يذكر الطلب في هذا النموذج أكثر من { $links } رابط. قدّموا الباقي في طلب آخر أو في قائمة.
parties-none = لم تُسجَّل أي جهة بعد. من ليس مسجلًا يستطيع الإبلاغ كغيره، ولا يُصدَّق شيء مما يدّعي أنه هو.
party-add = تسجيل جهة
party-add-hint = الرسالة الإلكترونية ليست دليلًا أبدًا. تأكد بطريقتك ممن تكون: اتصل برقم وجدته بنفسك، أو قابلهم، أو انظر في سجل عام.
party-add-submit = سجّل
party-kind = ما هي
party-jurisdiction = الولاية القضائية
party-jurisdiction-hint = حرفان، مثل PL؛ وEU لهيئات الاتحاد
party-languages = اللغات
party-languages-hint = رموز بينها فواصل، مثل pl, en. يُجاب بالأولى منها.
party-contact = جهة الاتصال
party-contact-hint = كيف تصل إليها، مما وجدته بنفسك
party-identity = الهوية
party-is-checked = تُحقّقت الهوية
party-not-checked = لم يُتحقق منها بعد
party-check = دوّن تحققًا من هويتها
party-check-hint = واقعة باسم ويوم. تحل محل ما قبلها.
party-check-submit = دوّنه
party-checked-by = كيف جرى التحقق
party-checked-who = من تحقق
party-checked-on = في أي يوم
checked-call-back = باتصال برقم وُجد باستقلال
checked-in-person = وجهًا لوجه
checked-register = من سجل عام
checked-letter = برسالة إلى عنوان وُجد باستقلال
party-suspend = أوقفها
party-resume = اسمح لها بالتقديم مجددًا
party-suspended-since = لا يجوز لها التقديم: لا بمفاتيحها ولا بأشخاصها. منذ
party-people = من يقدّم عنها في البوابة
party-person = اسم شخص تضيفه
party-person-hint = تحصل له على رابط صالح يومين.
party-keys = مفاتيح برامجها
party-key = اسم المفتاح
party-key-hint = كما تسميه توقيعاتها: حروف وأرقام ونقاط وشرطات
party-public = المفتاح العام (Ed25519)
party-public-hint = نص ملف PEM، أو ٣٢ بايتًا بترميز base64 أو بالست عشري
party-key-add = أضف المفتاح
party-key-since = منذ
party-key-revoke = ألغِه
party-key-revoked = أُلغي في
party-filings = آخر ما قدّمته
party-error-name = الاسم من حرف إلى ١٢٠ حرفًا، ليس فيها ما لا يُرى.
party-error-kind = قل ما هي.
party-error-jurisdiction = الولاية حرفان، مثل PL، أو EU.
party-error-languages = اللغات رموز مثل pl أو en أو ar، و١٢ على الأكثر.
party-error-contact = قل كيف يُوصل إليها.
party-error-checked = قل كيف جرى التحقق من الهوية، ومن قام به، وفي أي يوم مضى.
party-error-taken = هذا الاسم موجود من قبل.
party-error-key = هذا ليس مفتاحًا عامًّا من نوع Ed25519.
party-error-key-name = اسم المفتاح من حرف إلى ٦٤ من الحروف والأرقام والنقاط والشرطات.
audit-site = الموقع نفسه
act-retention-added = مُدِّد الحفظ
act-evidence-sealed = خُتم الدليل
act-evidence-destroyed = أُتلف الدليل
act-quarantine-destroyed = أُتلف ما أُزيل
act-lever-set = فُعِّل إجراء طارئ
act-lever-cleared = أُلغي إجراء طارئ
console-levers = إجراءات طارئة
levers-lead = للأيام الصعبة. لكل إجراء نهاية، ويُخبَر به من ينشر قبل أن يبدأ، ولا يضيع شيء بدأ قبله.
waiting-heading = { $waiting ->
    [zero] لا منشورات تنتظر نظرة
    [one] منشور واحد ينتظر نظرة
    [two] منشوران ينتظران نظرة
    [few] { $waiting } منشورات تنتظر نظرة
    [many] { $waiting } منشورًا ينتظر نظرة
   *[other] { $waiting } منشور ينتظر نظرة
}
waiting-hint = أحد الإجراءات يجعلها تنتظر، وتبقى في القائمة عند انتهائه. ما بُلّغ عنه أو يعرفه بنك ليس بينها.
waiting-let-go = إطلاقها كلها…
waiting-sure = سيراها الجميع حينئذ دون أن ينظر فيها أحد. ويبقى التبليغ عن كل منها وإزالته ممكنين.
waiting-do = أطلقها كلها
levers-label = كيف يسير النشر الآن
lever-slow-mode = الوضع البطيء
lever-slow-mode-hint = تنخفض حصص المنشورات والرفع إلى العُشر، وتصبح المنشورات الجديدة علنية بعد حين.
lever-hold-uploads = تعليق كل جديد
lever-hold-uploads-hint = تنتظر المنشورات الجديدة وما يُضاف إلى القديمة في قائمة الانتظار حتى يراها أحد.
lever-hold-fresh = تعليق ما يأتي من شبكات جديدة
lever-hold-fresh-hint = الأمر نفسه للشبكات التي لم تمض ساعة على أول منشور لها هنا، بقدر ما يتذكّر هذا الخادم: يومين على الأكثر.
lever-no-videos = بلا فيديو
lever-no-videos-hint = تُرفض مقاطع الفيديو الجديدة، وتُقبل الصور والكلمات.
lever-no-links = بلا روابط
lever-no-links-hint = تظهر الروابط في كل المنشورات كلماتٍ عادية، ثم تعود روابط بعد ذلك.
lever-read-only = للقراءة فقط
lever-read-only-hint = لا يُقبل جديد سوى البلاغات والاعتراضات والأوامر. ويبقى للناشرين أن يحذفوا ما نشروه.
lever-pull = تفعيل
lever-another-end = تغيير النهاية
lever-let-go = إلغاء
lever-length = المدة:
lever-1h = لساعة
lever-6h = لست ساعات
lever-1d = ليوم
lever-3d = لثلاثة أيام
lever-7d = لأسبوع
lever-until = حتى { $time }
lever-for-now = في الوقت الحالي
lever-pulled = مفعَّل { $until }
lever-pulled-by-site = فعّله الموقع نفسه { $until } لأن لا أحد هنا
lever-end = لا بد للإجراء من نهاية لم تأتِ بعد، ولا تبعد أكثر من ثلاثين يومًا.
lever-not-allowed = لا يفعل ذلك إلا مشغّل الموقع.
lever-told-slow-mode = نعمل ببطء { $until }. تحصل على رابطك فورًا؛ { $minutes ->
    [zero] ويراه الآخرون فورًا.
    [one] ويرى الآخرون المنشور بعد دقيقة.
    [two] ويرى الآخرون المنشور بعد دقيقتين.
    [few] ويرى الآخرون المنشور بعد { $minutes } دقائق.
    [many] ويرى الآخرون المنشور بعد { $minutes } دقيقة.
   *[other] ويرى الآخرون المنشور بعد { $minutes } دقيقة.
}
lever-told-hold-uploads = نراجع كل جديد قبل أن يصبح علنيًا { $until }. تحصل على رابطك فورًا، ويرى الآخرون المنشور بعد ذلك.
lever-told-hold-fresh = نراجع ما يأتي من شبكات جديدة علينا قبل أن يصبح علنيًا { $until }. تحصل على رابطك فورًا.
lever-told-no-videos = لا نستقبل مقاطع فيديو { $until }. الصور والكلمات مرحَّب بها.
lever-told-no-links = تظهر الروابط في المنشورات كلماتٍ عادية { $until }، ثم تعود روابط بعد ذلك.
lever-told-read-only = لا نستقبل شيئًا جديدًا { $until }. ما نشرته باقٍ ويمكنك حذفه، ونستقبل البلاغات والاعتراضات.
told-kept = سيُحفظ حتى ذلك اليوم.
evidence-none = لا يُختم شيء دليلًا لأن المستلم غير محدَّد، ويُحفظ ما أُزيل في الحجر بدلًا من ذلك. يصنع الأمر ‎handbill evidence keygen‎ مفتاحًا، ويُكتب مستلمه في الإعدادات تحت ‎[evidence]‎.
evidence-sealed = خُتم دليلًا في
evidence-destroyed = أُتلف الدليل في
retention-appeal = يحق للناشر أن يعترض
retention-tco = أمر إزالة
retention-preservation = طلبت جهة رسمية حفظه
retention-law = يقتضيه قانون آخر
keeping-heading = ما أُزيل محفوظ
keeping-until = حتى
keeping-add = احفظه مدة أطول
keeping-ground = السبب
keeping-reference = صاحب الطلب ورقمه، أو القانون
keeping-last-day = آخر يوم
keeping-send = احفظه
keeping-nothing = لم يبق شيء منه محفوظًا.
keeping-no-ground = اذكر سبب حفظه.
keeping-no-reference = اذكر صاحب الطلب ورقمه، أو القانون الذي يقتضيه، في ٥٠٠ بايت على الأكثر.
keeping-no-day = اذكر آخر يوم: يومًا قادمًا خلال عشر سنوات.
act-preserved = حذفه ناشره وحُفظ
case-silent = لا يجوز الإخبار بأمر يخص هذا أو يخص شيئًا مما يلي يشمله القرار معه: لا يُخبَر أحد ممن نشر ما يشمله القرار أو أبلغ عنه بالسبب. وما يُستبعد منه يُخبَر عنه كالمعتاد. ينتهي هذا الصمت في
case-preserved = محفوظ: حذفه ناشره في
action-preserve = حذفه ناشره، وهو محفوظ لطلب سابق
bank-waits = سيصل إلى { $reach } من المواد التي لم يبلّغ عنها أحد، لذا يكتفي بالعدّ حتى يؤكده أحد
bank-would-reach = ما يشمله، أو أول عشرين منه
bank-confirm = دعه يعمل
told-confirmed = يعمل من الآن، وعلى ما هو منشور أيضًا.
act-bank-waits = سيصل إلى أكثر مما ينبغي، فينتظر نظرة ثانية
act-bank-confirmed = أُكّد بعد نظرة ثانية
act-party-distrusted = الجهة تخطئ كثيرًا، فلم تعد بلاغاتها تُقدَّم
act-party-trusted = بلاغات الجهة تُقدَّم من جديد
act-party-undone = التراجع عمّا جرى باسم جهة
act-filing-withdrawn = لم يعد للطلب أثر
filing-withdrawn = مسحوب: لم يرسله من يحمل اسمه
reply-withdrawn-heading = هذا الطلب لا أثر له
mark-often-wrong = تخطئ كثيرًا
party-right = الصواب حتى الآن
party-unjudged = لم يُبَتّ بعد في شيء مما بلّغت عنه
party-precision = { $right } من { $judged } من القرارات
party-distrusted = أخطأت كثيرًا، فصارت بلاغاتها تُعامل كبلاغات الجميع، منذ
party-distrusted-hint = لا يحدث شيء آخر من تلقاء نفسه: لك أن تقرر هل تستمر. تحدّث إليها أولًا، أو أوقفها أدناه. الأوامر الملزمة ملزمة كما كانت، ومن يبلّغ عن خطر على حياة يُسمع فورًا.
party-trust = قدّم بلاغاتها من جديد
deeds-way = هل سُرق مفتاح؟
deeds-heading = ما جرى باسمها
deeds-lead = إذا سُرق مفتاح أو طريقة دخول شخص ما: أوقف الجهة، وانظر هنا إلى كل ما جاء باسمها منذ ذلك الحين، وتراجع عنه بخطوة واحدة.
deeds-not-suspended = ما زال بإمكانها التقديم. أوقفها أولًا حتى لا يصل شيء آخر.
deeds-since = منذ متى (UTC)
deeds-list = اعرضه
deeds-no-time = حدّد يومًا ووقتًا.
deeds-found = منذ
deeds-filings = الطلبات:
deeds-opened = القضايا التي فتحتها أو انضمت إليها:
deeds-alone = منها ما لم يبلّغ عنه غيرها:
deeds-held = مخفي حتى يُبتّ فيه:
deeds-decided = القرارات القائمة:
deeds-undo = تراجع عن كل ذلك
deeds-undo-hint = تصبح الطلبات بلا أثر، ويظهر ما أخفته القاعدة، وتُغلق القضايا التي لم يفتحها غيرها، ويُلغى ما تقرر في تلك وحدها ويعود. وما بلّغ عنه آخرون أيضًا يبقى كما تقرر. وكل خطوة مسجّلة في سجل التدقيق.
deeds-undoing = يجري التراجع عنه. أعد تحميل هذه الصفحة لترى ما بقي.
deeds-cases = القضايا
deeds-others = بلّغ عنه آخرون أيضًا
rank-wave = موجة: { $reports ->
    [zero] لا بلاغات
    [one] بلاغ واحد
    [two] بلاغان
    [few] { $reports } بلاغات
    [many] { $reports } بلاغًا
   *[other] { $reports } بلاغ
 } في ساعة، وزنها وزن بلاغ واحد
rank-copies = نُسخ مما قاله غيرهم: { $reports }
notice-echo = يكرر ما قيل من قبل

# The desk.
desk-find = بحث
desk-find-label = إجراء أو قضية أو جهة أو رابط منشور
desk-find-none = لا شيء هنا من هذا القبيل.
desk-find-failed = يتعذر البحث الآن. حاول بعد لحظات.
desk-keys = المفاتيح
desk-keys-hint = لا تعمل المفاتيح وأنت تكتب في حقل.
desk-keys-on = المفاتيح مفعّلة
desk-close = إغلاق
keys-next-row = إلى الصف التالي
keys-row-before = إلى الصف السابق
keys-take = ضم الصف الذي أنت فيه أو استثناؤه
keys-send = إرسال ما تكتبه
keys-leave = الخروج من الحقل الذي تكتب فيه
words-hold = تعليق، حجب، إخفاء
words-release = إطلاق، رفع الحجب، إظهار
words-assign = تسليم، إسناد، تحويل إلى
words-undo = تراجع، إلغاء القرار، نقض
words-ask = سؤال المرسل، استفسار
words-leave = لا إجراء، اترك، اسمح
words-levers = الوضع البطيء، للقراءة فقط، بلا روابط، بلا مقاطع فيديو، حجز كل جديد
words-annex = الملحق الثالث، لا يمكن، جواب
words-alike = كل ما يشبهه، نسخ، حملة
words-note = ملاحظة، تعليق كتابي
decide-unsent = لم يصل جواب، فلا يُعرف هل اتُّخذ القرار. أرسله مرة أخرى حين يعود الاتصال: لن يُحسب إلا مرة واحدة.
decide-refused = لم يُتخذ أي قرار.
desk-away = كنت غائبًا
desk-away-words = غطّت الصفحة نفسها حتى لا يقرأها غيرك، وما كان مفتوحًا عندك صار متاحًا للآخرين.
desk-away-back = أنا هنا
desk-offline = انقطع الاتصال. قد يكون ما تراه تغيّر، ولم يُرسل شيء. يستأنف العمل وحده فور عودة الاتصال.
desk-next = القضية التالية
desk-today = اليوم: القرارات { $decided }، النظرات { $looks }، ما لم تحتج إلى رؤيته { $saved }
desk-today-of = اليوم: القرارات { $decided }، النظرات { $looks } من { $budget }، ما لم تحتج إلى رؤيته { $saved }
queue-filters = اختر ما يُعرض، أو ابحث عن شيء
queue-kind = نوع الطلب
queue-category = ما الخطأ
queue-whose = لمن
queue-any = أي شيء
queue-everybodys = للجميع
queue-mine = قضاياي
queue-free = ليست لأحد
queue-due = ما له مهلة فقط
queue-show = اعرض هذه
queue-all = اعرض الكل
queue-none-such = لا توجد قضية مفتوحة من هذا النوع.
queue-nothing-left = كانت هذه آخر قضية. لا شيء آخر ينتظرك.
queue-with = مفتوحة لدى { $name }
queue-given-to = مسلَّمة إلى { $name }
case-claimed = فتح هذه القضية وهي عنده حتى
case-take-over = تولَّها أنت
case-given-to = مسلَّمة إلى
case-more = بُحث الآن من جديد عمّا يشبهه، والنتيجة تختلف عمّا هو أدناه.
case-more-see = عرضه كله
case-vanished = في هذه الأثناء تولّى غيرك هذه القضية أو بُتّ فيها أو فُتحت في لسان آخر، أو لم تعد موجودة. لم يُرسل شيء مما كتبت.
case-put-back = كانت جلستك قد انتهت. ما كتبته عاد إلى مكانه، ولم يُرسل منه شيء.
case-see = انظر ما صارت إليه
case-before = قضايا أخرى عن هذا المنشور
case-open = مفتوحة
case-decided = بُتّ فيها
case-moot = انتهت بلا قرار
case-look = الصور
case-ask-back = اسأل المرسل
case-members = ما يشبهها
case-notes = ملاحظات
case-last-grounds = الأسس التي استعملتها آخرًا
case-another-ground = أساس آخر:
case-claimed-since = القضية مفتوحة عند غيرك، ولم يُتخذ قرار. تولَّها أدناه أو انتقل إلى التالية؛ وما كتبته ما زال هنا.
action-remove-alike = إزالته مع كل ما يشبهه
member-taken = معه
member-what = المنشور
member-reading = وُجد بواسطة
member-sure = مدى اليقين
member-opened = الفتح
note-label = ملاحظة لمن يقرر
note-hint = لا يقرؤها إلا من يقررون.
note-to = وسلِّم القضية
note-keep = لا، تبقى لي
note-anybody = إلى أي شخص آخر
note-write = دوِّنها
note-words = اكتب شيئًا لا يزيد على ٤٬٠٠٠ حرف.
note-nobody = لم يعد لهذا الشخص أن يقرر شيئًا. اختر غيره.
told-noted = دُوِّنت ملاحظتك.
told-handed-over = سُلِّمت القضية.
told-taken-over = القضية عندك الآن.
look-once = انظر
look-again = أريد أن أراه مرة أخرى
look-failed = لا يمكن عرضه: ربما استنفدت نظراتك لهذا اليوم، أو لم يعد موجودًا.
look-known-seen = رأيت هذا أو ما يشبهه في { $time }.
look-known-decided = قررت في هذا أو فيما يشبهه في { $time }.
look-photo = الصورة { $number }
look-animation = الصورة المتحركة { $number }
look-video = الفيديو { $number }، { $duration }: في لقطات
look-still = الفيديو { $number }: اللقطة التي اختارها الناشر
looks-used-up = استنفدت نظراتك لهذا اليوم.
looks-hand-over = قرر بالكلمات وبما هو معروف، أو اكتب ملاحظة وسلِّم القضية.
looks-heading = نظر أقل
looks-label = النظرات في اليوم لكل واحد منكم
looks-hint = بعد هذا العدد من الصور لا تُعرض على أحد صورة أخرى في ذلك اليوم. إن تُرك فارغًا فبلا حد.
looks-set = احفظ
looks-wrong = اكتب عددًا صحيحًا من ٠ إلى ١٠٬٠٠٠، أو اترك الحقل فارغًا.
overturned-heading = كيف ثبتت القرارات
overturned-hint = لا يرى هذا إلا المشغّلون. وهو يبيّن أين تغمض القواعد، لا من هو الأفضل.
overturned-undone = أُلغيت
overturned-appealed = طُعن فيها
overturned-overturned = كسبها الناشر
overturned-banks = مما وجدته البنوك أصاب { $right } من { $judged }.
overturned-banks-none = لم يحكم أحد بعد على ما وجدته البنوك.
overturned-command-line = سطر الأوامر
appeal-own = أنت من قرر هذا. يجيب غيرك عن الطعن فيه.
appeal-no-answer = يقرأ صاحب الاعتراض السبب: اذكره بكلمات لا تزيد على ١٠٬٠٠٠ بايت. لم يُرسل أي جواب.
facts-reported = { $notices ->
    [zero] لم يُبلَّغ عنه: { $category }.
    [one] بُلِّغ عنه مرة واحدة: { $category }.
    [two] بُلِّغ عنه مرتين: { $category }.
    [few] بُلِّغ عنه { $notices } مرات: { $category }.
    [many] بُلِّغ عنه { $notices } مرة: { $category }.
   *[other] بُلِّغ عنه { $notices } مرة: { $category }.
}
facts-filed = بلّغت عنه جهة مسجلة ({ $kind }): { $category }.
facts-ordered = صدر أمر بشأنه ({ $kind }): { $category }.
facts-matched = هو نسخة من شيء قُيِّد من قبل أو شبيه به جدًا.
ask-notifier = اسأل المبلِّغ
ask-label = ماذا تريد أن تعرف؟
ask-hint = يقرأ السؤال عند رابط إيصاله ويجيب هناك، ولا يعرف أي منكما من يكون الآخر.
ask-send = اسأل
ask-asked = السؤال:
ask-answered = الجواب:
ask-waits = لم يُجب أحد بعد.
told-asked = السؤال في انتظار المبلِّغ.
receipt-asked = لدى من يقرر سؤال
receipt-answer = جوابك
receipt-send = أرسل الجواب
act-notifier-asked = سُئل المبلِّغ
act-case-taken = تولّى قضية كانت عند غيره
act-case-assigned = سُلِّمت قضية
act-case-noted = دُوِّنت ملاحظة عن قضية
act-looks-set = حُدِّدت النظرات في اليوم
