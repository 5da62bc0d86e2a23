# The site as a container.
#
#   docker build --tag claimbase .                 the sample base, built and served: nothing else is needed
#   docker build --tag claimbase --build-context base=path/to/your/codex .          your base instead
#   docker build --tag claimbase --target site .   no database inside: serves /data/codex.db from a volume
ARG PYTHON=python:3.13-slim-bookworm

FROM ${PYTHON} AS installed
RUN python3 -m venv /opt/claimbase
ENV PATH=/opt/claimbase/bin:$PATH
WORKDIR /source
# The very files that were tested, told by their hashes.
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY claimbase claimbase
RUN pip install --no-cache-dir --no-deps .

# A build analyses the argument, which a server only shows: what the analysis takes is half of what was installed.
FROM installed AS serving
RUN pip uninstall --yes google-re2 rustworkx numpy pip

FROM ${PYTHON} AS site
COPY --from=serving /opt/claimbase /opt/claimbase
ENV PATH=/opt/claimbase/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin claimbase && \
    install --directory --owner=claimbase /data
WORKDIR /site
COPY metadata.yml settings.json ./
COPY templates templates
COPY plugins plugins
COPY static static
COPY deploy/healthy.py deploy/healthy.py
USER 10001:10001
EXPOSE 8001
HEALTHCHECK --interval=10s --timeout=6s --start-period=20s --retries=3 \
    CMD ["python", "/site/deploy/healthy.py", "http://127.0.0.1:8001"]
CMD ["datasette", "serve", "/site", "--immutable", "/data/codex.db", "--host", "0.0.0.0", "--port", "8001"]

FROM scratch AS base
COPY .claimbaseignore /
COPY domains /domains
COPY inbox /inbox
COPY entities /entities
COPY agents /agents

# Git tells a build how the base came to be; whose files a mounted base is does not matter here.
FROM site AS built
USER root
RUN apt-get update && apt-get install --yes --no-install-recommends git && rm -rf /var/lib/apt/lists/* && \
    git config --system --add safe.directory /base && git config --system --add safe.directory /codex
USER 10001:10001
COPY --from=installed /opt/claimbase /opt/claimbase
COPY build.py .
COPY --from=base . /base
RUN python build.py /base --output /tmp/codex.db --quiet

FROM site AS whole
COPY --from=built /tmp/codex.db /data/codex.db
