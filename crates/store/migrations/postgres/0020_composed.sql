-- What the site itself says happened, as JSON, where whoever decided changed nothing of it; NULL: they wrote `facts` themselves.
ALTER TABLE decisions ADD COLUMN composed TEXT;
