"""Tables, indexes and views of an archive, as SQL; ``archive.migrations`` makes them. docs/schema.md documents each.

Facts (``runs``, ``captures``, ``run_captures``, ``bodies``, ``events``) are only ever added to. Readings (the rest) can
be made again from them. ``frontier`` is the crawl's own state: every URL that was discovered and what became of it.
"""

FACTS = (
    """
    CREATE TABLE runs (
        id TEXT PRIMARY KEY,
        command TEXT NOT NULL,
        arguments TEXT NOT NULL DEFAULT '[]',
        agent TEXT NOT NULL,
        started_at TEXT NOT NULL,
        ended_at TEXT,
        exit_code INTEGER,
        counts TEXT NOT NULL DEFAULT '{}',
        after_id TEXT REFERENCES runs(id),
        manifest TEXT
    ) STRICT
    """,
    """
    CREATE TABLE bodies (
        id TEXT PRIMARY KEY,
        size INTEGER NOT NULL,
        encoding TEXT NOT NULL,
        base_id TEXT REFERENCES bodies(id),
        depth INTEGER NOT NULL DEFAULT 0,
        data BLOB NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE captures (
        id TEXT PRIMARY KEY,
        run_id TEXT NOT NULL REFERENCES runs(id),
        url TEXT NOT NULL,
        site TEXT NOT NULL,
        fetched_at TEXT NOT NULL,
        outcome TEXT NOT NULL,
        status INTEGER,
        final_url TEXT,
        redirects TEXT NOT NULL DEFAULT '[]',
        body_id TEXT REFERENCES bodies(id),
        rendered_id TEXT REFERENCES bodies(id),
        content_type TEXT,
        etag TEXT,
        last_modified TEXT,
        headers TEXT NOT NULL DEFAULT '{}',
        found_via TEXT,
        found_in TEXT,
        told TEXT,
        detail TEXT
    ) STRICT
    """,
    """
    CREATE TABLE run_captures (
        run_id TEXT NOT NULL REFERENCES runs(id),
        capture_id TEXT NOT NULL REFERENCES captures(id),
        PRIMARY KEY (run_id, capture_id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX run_captures_by_capture ON run_captures (capture_id)",
    "CREATE INDEX bodies_by_base ON bodies (base_id) WHERE base_id IS NOT NULL",
    "CREATE INDEX captures_by_url ON captures (url, fetched_at)",
    "CREATE INDEX captures_by_run ON captures (run_id)",
    "CREATE INDEX captures_by_site ON captures (site, fetched_at)",
    "CREATE INDEX captures_by_body ON captures (body_id, fetched_at)",
    "CREATE INDEX captures_by_rendering ON captures (rendered_id) WHERE rendered_id IS NOT NULL",
    """
    CREATE TABLE events (
        id TEXT PRIMARY KEY,
        occurred_at TEXT NOT NULL,
        kind TEXT NOT NULL,
        agent TEXT NOT NULL,
        outcome TEXT NOT NULL,
        run_id TEXT REFERENCES runs(id),
        detail TEXT
    ) STRICT
    """,
)

# The fields of an article, the same in `articles` (latest) and `versions` (each).
FIELDS = """
        url TEXT NOT NULL,
        site TEXT NOT NULL,
        headline TEXT,
        standfirst TEXT,
        section TEXT,
        authors TEXT NOT NULL DEFAULT '[]',
        published_at TEXT,
        modified_at TEXT,
        language TEXT,
        tags TEXT NOT NULL DEFAULT '[]',
        image_url TEXT,
        words INTEGER NOT NULL,
        kind TEXT NOT NULL,
        confidence REAL NOT NULL,
        paywalled INTEGER"""

READINGS = (
    f"""
    CREATE TABLE articles (
        id TEXT PRIMARY KEY,{FIELDS},
        first_seen_at TEXT NOT NULL,
        last_seen_at TEXT NOT NULL,
        gone_at TEXT,
        versions INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX articles_by_site ON articles (site, published_at)",
    "CREATE INDEX articles_by_publication ON articles (published_at)",
    "CREATE INDEX articles_by_section ON articles (section, published_at)",
    f"""
    CREATE TABLE versions (
        id TEXT PRIMARY KEY,
        article_id TEXT NOT NULL REFERENCES articles(id),
        number INTEGER NOT NULL,{FIELDS},
        text TEXT NOT NULL,
        markdown TEXT NOT NULL,
        blocks TEXT NOT NULL,
        correction TEXT,
        evidence TEXT NOT NULL DEFAULT '[]',
        fingerprint TEXT NOT NULL,
        digest TEXT NOT NULL,
        change TEXT NOT NULL,
        words_added INTEGER NOT NULL DEFAULT 0,
        words_removed INTEGER NOT NULL DEFAULT 0,
        similarity REAL,
        step BLOB,
        seen_from TEXT NOT NULL,
        last_confirmed_at TEXT NOT NULL,
        seen_to TEXT,
        capture_id TEXT NOT NULL REFERENCES captures(id),
        reader TEXT NOT NULL,
        docid INTEGER NOT NULL UNIQUE,
        UNIQUE (article_id, number)
    ) STRICT
    """,
    "CREATE INDEX versions_by_time ON versions (article_id, seen_from, seen_to, number)",
    "CREATE INDEX versions_by_start ON versions (seen_from, seen_to, article_id, number)",
    "CREATE INDEX versions_by_end ON versions (seen_to) WHERE seen_to IS NOT NULL",
    "CREATE INDEX versions_by_capture ON versions (capture_id)",
    # What search asks of each match, without reading its text.
    "CREATE INDEX versions_by_docid ON versions (docid, site, seen_from, seen_to, published_at)",
    # Streams of changes, the newest first: of some kinds, or of one site.
    "CREATE INDEX versions_by_change ON versions (change, seen_from)",
    "CREATE INDEX versions_by_site ON versions (site, seen_from, change)",
    """
    CREATE TABLE readings (
        capture_id TEXT PRIMARY KEY REFERENCES captures(id),
        outcome TEXT NOT NULL,
        article_id TEXT REFERENCES articles(id),
        fetched_at TEXT NOT NULL,
        key TEXT,
        fingerprint TEXT,
        digest TEXT,
        reason TEXT,
        reader TEXT NOT NULL,
        addresses TEXT,
        part INTEGER,
        next_key TEXT,
        entries INTEGER,
        marks BLOB,
        checksum TEXT NOT NULL,
        state BLOB
    ) STRICT
    """,
    "CREATE INDEX readings_by_article ON readings (article_id, fetched_at, capture_id, outcome)",
    "CREATE INDEX readings_by_key ON readings (key) WHERE key IS NOT NULL",
    "CREATE INDEX readings_of_gone ON readings (fetched_at, article_id) WHERE outcome = 'gone'",
    "CREATE INDEX readings_of_parts ON readings (article_id) WHERE part IS NOT NULL",
    """
    CREATE TABLE removals (
        id INTEGER PRIMARY KEY,
        version_id TEXT NOT NULL REFERENCES versions(id),
        position INTEGER NOT NULL,
        kind TEXT NOT NULL,
        rule TEXT NOT NULL,
        path TEXT NOT NULL,
        text TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX removals_by_version ON removals (version_id, position)",
    """
    CREATE TABLE urls (
        url TEXT PRIMARY KEY,
        article_id TEXT NOT NULL REFERENCES articles(id),
        kind TEXT NOT NULL,
        key TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX urls_by_article ON urls (article_id)",
    "CREATE INDEX urls_by_key ON urls (key)",
    """
    CREATE TABLE contested_urls (
        key TEXT NOT NULL,
        article_id TEXT NOT NULL REFERENCES articles(id),
        PRIMARY KEY (key, article_id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX contested_urls_by_article ON contested_urls (article_id)",
    """
    CREATE TABLE links (
        id INTEGER PRIMARY KEY,
        version_id TEXT NOT NULL REFERENCES versions(id),
        position INTEGER NOT NULL,
        url TEXT NOT NULL,
        text TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX links_by_version ON links (version_id, position)",
    "CREATE INDEX links_by_url ON links (url)",
    """
    CREATE TABLE site_lines (
        id TEXT PRIMARY KEY,
        site TEXT NOT NULL,
        kind TEXT NOT NULL,
        line TEXT NOT NULL,
        in_force INTEGER NOT NULL,
        reason TEXT NOT NULL,
        articles INTEGER NOT NULL,
        seen INTEGER NOT NULL,
        share REAL NOT NULL,
        first_seen_at TEXT NOT NULL,
        last_seen_at TEXT NOT NULL,
        mark INTEGER NOT NULL,
        UNIQUE (site, mark)
    ) STRICT
    """,
    """
    CREATE TABLE site_learning (
        site TEXT PRIMARY KEY,
        pending INTEGER NOT NULL,
        unsettled TEXT NOT NULL DEFAULT '[]',
        visited INTEGER NOT NULL DEFAULT 0,
        lines TEXT
    ) STRICT
    """,
    """
    CREATE TABLE template_lines (
        id TEXT PRIMARY KEY,
        site TEXT NOT NULL,
        mark INTEGER NOT NULL,
        what TEXT NOT NULL,
        line TEXT NOT NULL,
        articles INTEGER NOT NULL,
        seen INTEGER NOT NULL,
        since TEXT NOT NULL,
        until TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX template_lines_by_site ON template_lines (site, mark)",
    """
    CREATE TABLE outdated_articles (
        article_id TEXT PRIMARY KEY REFERENCES articles(id)
    ) STRICT
    """,
    """
    CREATE TABLE sketches (
        article_id TEXT PRIMARY KEY REFERENCES articles(id),
        version_id TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE sketch_bands (
        article_id TEXT NOT NULL REFERENCES articles(id),
        band INTEGER NOT NULL,
        PRIMARY KEY (article_id, band)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX sketch_bands_by_band ON sketch_bands (band)",
    """
    CREATE TABLE copies (
        article_id TEXT NOT NULL REFERENCES articles(id),
        copy_id TEXT NOT NULL REFERENCES articles(id),
        likeness REAL NOT NULL,
        PRIMARY KEY (article_id, copy_id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX copies_by_copy ON copies (copy_id)",
)

FRONTIER = (
    """
    CREATE TABLE frontier (
        url TEXT PRIMARY KEY,
        site TEXT NOT NULL,
        kind TEXT NOT NULL,
        found_via TEXT NOT NULL,
        found_in TEXT,
        found_at TEXT NOT NULL,
        headline TEXT,
        published_at TEXT,
        modified_at TEXT,
        told TEXT,
        state TEXT NOT NULL DEFAULT 'pending',
        outcome TEXT,
        detail TEXT,
        visited_at TEXT,
        due_at TEXT,
        priority INTEGER NOT NULL DEFAULT 0,
        request TEXT
    ) STRICT
    """,
    "CREATE INDEX frontier_by_state ON frontier (state, site, priority DESC, found_at)",
)

TOKENIZER = "unicode61 remove_diacritics 2"
SEARCH = (
    f"""
    CREATE VIRTUAL TABLE versions_fts USING fts5 (
        headline, standfirst, section, authors, text,
        content='versions', content_rowid='docid', tokenize='{TOKENIZER}'
    )
    """,
    """
    CREATE TRIGGER versions_fts_insert AFTER INSERT ON versions BEGIN
        INSERT INTO versions_fts (rowid, headline, standfirst, section, authors, text)
        VALUES (new.docid, new.headline, new.standfirst, new.section, new.authors, new.text);
    END
    """,
    """
    CREATE TRIGGER versions_fts_delete AFTER DELETE ON versions BEGIN
        INSERT INTO versions_fts (versions_fts, rowid, headline, standfirst, section, authors, text)
        VALUES ('delete', old.docid, old.headline, old.standfirst, old.section, old.authors, old.text);
    END
    """,
    """
    CREATE TRIGGER versions_fts_update
    AFTER UPDATE OF headline, standfirst, section, authors, text ON versions BEGIN
        INSERT INTO versions_fts (versions_fts, rowid, headline, standfirst, section, authors, text)
        VALUES ('delete', old.docid, old.headline, old.standfirst, old.section, old.authors, old.text);
        INSERT INTO versions_fts (rowid, headline, standfirst, section, authors, text)
        VALUES (new.docid, new.headline, new.standfirst, new.section, new.authors, new.text);
    END
    """,
)

VIEWS = (
    """
    CREATE VIEW clusters AS
    WITH RECURSIVE reach (article_id, member_id) AS (
        SELECT article_id, article_id FROM copies
        UNION
        SELECT reach.article_id, copies.copy_id FROM reach JOIN copies ON copies.article_id = reach.member_id
    ), ranked AS (
        SELECT reach.article_id, reach.member_id, count(*) OVER (PARTITION BY reach.article_id) AS articles,
               row_number() OVER (PARTITION BY reach.article_id ORDER BY member.first_seen_at, member.id) AS place
        FROM reach JOIN articles AS member ON member.id = reach.member_id
    )
    SELECT ranked.member_id AS first_id, ranked.article_id, articles.url, articles.site, articles.headline,
           articles.published_at, articles.first_seen_at, ranked.articles
    FROM ranked JOIN articles ON articles.id = ranked.article_id WHERE ranked.place = 1
    """,
    """
    CREATE VIEW latest AS
    SELECT articles.*, versions.text, versions.markdown, versions.id AS version_id
    FROM articles JOIN versions ON versions.article_id = articles.id AND versions.number = articles.versions
    """,
    """
    CREATE VIEW changes AS
    SELECT new.article_id, new.url, old.number AS from_version, new.number AS to_version,
           new.seen_from AS changed_at, new.change AS kind,
           old.headline AS headline_before, new.headline AS headline_after,
           new.words_added, new.words_removed, new.similarity
    FROM versions AS new
    LEFT JOIN versions AS old ON old.article_id = new.article_id AND old.number = new.number - 1
    UNION ALL
    SELECT article_id, url, number, NULL, seen_to, 'gone', headline, NULL, 0, words, 0.0
    FROM versions AS last
    WHERE seen_to IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM versions AS next
        WHERE next.article_id = last.article_id AND next.number = last.number + 1 AND next.seen_from = last.seen_to
    )
    """,
    """
    CREATE VIEW observations AS
    SELECT captures.id AS capture_id, captures.run_id, captures.url, captures.site, captures.fetched_at,
           captures.status, coalesce(readings.outcome, captures.outcome) AS outcome,
           readings.article_id, coalesce(readings.reason, captures.detail) AS detail,
           captures.final_url, captures.body_id, captures.rendered_id
    FROM captures LEFT JOIN readings ON readings.capture_id = captures.id
    """,
    """
    CREATE VIEW missing AS
    SELECT frontier.url, frontier.site, frontier.headline, frontier.published_at,
           frontier.found_via, frontier.found_in, frontier.found_at, frontier.visited_at,
           coalesce(frontier.outcome, frontier.state) AS reason, frontier.detail
    FROM frontier
    WHERE (frontier.kind = 'article' OR frontier.outcome = 'needs_rendering')
      AND coalesce(frontier.outcome, '') NOT IN ('article', 'hub')
      AND NOT EXISTS (SELECT 1 FROM urls WHERE urls.url = frontier.url)
    """,
)


def statements() -> tuple[str, ...]:
    """Every statement that makes the newest schema out of nothing."""
    return (*FACTS, *READINGS, *FRONTIER, *SEARCH, *VIEWS)
