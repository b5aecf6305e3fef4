# One image for every role: `up` for one machine; `serve`, `worker` and `migrate` for several.
FROM python:3.13-slim AS build
RUN pip install --no-cache-dir uv
WORKDIR /source
COPY . .
# The canvas is built by the build hook; its packages and the tools stay in this stage.
RUN uv build --wheel --out-dir /wheels \
 && uv export --quiet --frozen --no-dev --no-emit-project --output-file /wheels/requirements.txt \
 && uv venv /opt/cartwheel \
 && uv pip install --no-cache --compile-bytecode --python /opt/cartwheel/bin/python \
      --requirement /wheels/requirements.txt /wheels/*.whl

FROM python:3.13-slim
RUN useradd --uid 10001 --create-home --home-dir /home/cartwheel cartwheel \
 && install --directory --owner=cartwheel --group=cartwheel --mode=700 /data
COPY --from=build /opt/cartwheel /opt/cartwheel
ENV PATH=/opt/cartwheel/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    CARTWHEEL_DATA_DIR=/data \
    CARTWHEEL_HOST=0.0.0.0 \
    CARTWHEEL_PORT=8400
USER cartwheel
VOLUME /data
EXPOSE 8400
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"CARTWHEEL_PORT\"]}/readyz', timeout=2)"]
CMD ["cartwheel", "up"]
