"""Uploads a file by tuspy, as somebody else's program does, and prints what came of it as JSON."""

import argparse
import asyncio
import json

from tusclient.client import TusClient
from tusclient.storage.filestorage import FileStorage

ask = argparse.ArgumentParser()
ask.add_argument("endpoint")
ask.add_argument("file")
ask.add_argument("--chunk", type=int, default=1 << 20)
ask.add_argument("--stop-at", type=int)
ask.add_argument("--checksum", action="store_true")
ask.add_argument("--in-async", action="store_true")
ask.add_argument("--known", help="where tuspy keeps the addresses of what it has begun")
told = ask.parse_args()

client = TusClient(told.endpoint)
known = {"store_url": True, "url_storage": FileStorage(told.known)} if told.known else {}
begin = client.async_uploader if told.in_async else client.uploader
uploader = begin(told.file, chunk_size=told.chunk, upload_checksum=told.checksum, metadata={"filename": "من حلب.jpg", "filetype": "image/jpeg"}, **known)
began = uploader.offset
done = uploader.upload(stop_at=told.stop_at)
if told.in_async:
    asyncio.run(done)
print(json.dumps({"url": uploader.url, "began": began, "offset": uploader.offset}))
