-- Every quotation with its article, outlet and story; one row per quotation.
CREATE OR REPLACE VIEW quotes_readable AS
SELECT
    quotes.quote_id,
    quotes.speaker_name,
    quotes.speaker_title,
    quotes.kind,
    quotes.content,
    quotes.cue,
    quotes.speaker_text,
    quotes.speaker_method,
    quotes.confidence,
    quotes.flags,
    articles.outlet_name,
    articles.title AS article_title,
    articles.published_at,
    articles.url,
    articles.copy_kind IS NOT NULL AS is_in_copy,
    stories.headline AS story_headline,
    stories.event_date,
    quotes.quote_group_id,
    quotes.speaker_id,
    quotes.article_id,
    articles.story_id
FROM quotes
JOIN articles ON articles.article_id = quotes.article_id
LEFT JOIN stories ON stories.story_id = articles.story_id;

-- The same utterance as each article prints it, for utterances that two or more print.
CREATE OR REPLACE VIEW utterances_by_outlet AS
SELECT
    quote_groups.quote_group_id,
    quote_groups.canonical_text,
    quote_groups.speaker_name,
    quote_groups.speaker_disagrees,
    quotes_readable.outlet_name,
    quotes_readable.content,
    quotes_readable.speaker_text,
    quotes_readable.speaker_title,
    quotes_readable.article_title,
    quotes_readable.story_headline,
    quotes_readable.quote_id
FROM quote_groups
JOIN quote_variants ON quote_variants.quote_group_id = quote_groups.quote_group_id
JOIN quotes_readable ON quotes_readable.quote_id = quote_variants.quote_id;

-- Every figure with its article, outlet and story, and the range its story's articles give.
CREATE OR REPLACE VIEW figures_readable AS
SELECT
    stories.headline AS story_headline,
    figures.quantity,
    figures.unit,
    figures.value,
    figure_groups.minimum_value,
    figure_groups.maximum_value,
    figures.qualifier,
    figures.text,
    articles.outlet_name,
    articles.title AS article_title,
    figure_groups.disagrees,
    figure_groups.outlet_count,
    figures.figure_group_id,
    figures.figure_id,
    figures.article_id,
    articles.story_id
FROM figures
JOIN articles ON articles.article_id = figures.article_id
LEFT JOIN figure_groups ON figure_groups.figure_group_id = figures.figure_group_id
LEFT JOIN stories ON stories.story_id = articles.story_id;

-- How often a person is quoted on a day, and by how many outlets; one row per person and day.
-- Articles that copy another do not count; where an article gives no date, day is null. An article that names no
-- outlet counts as one, as in the tables.
CREATE OR REPLACE VIEW quotes_per_person_and_day AS
SELECT
    quotes_readable.speaker_id,
    quotes_readable.speaker_name,
    CAST(quotes_readable.published_at AS DATE) AS day,
    count(*) AS quote_count,
    count(DISTINCT quotes_readable.article_id) AS article_count,
    count(DISTINCT coalesce(lower(quotes_readable.outlet_name), quotes_readable.article_id)) AS outlet_count,
    count(CASE WHEN quotes_readable.kind = 'direct' THEN 1 END) AS direct_count
FROM quotes_readable
WHERE quotes_readable.speaker_name IS NOT NULL AND NOT quotes_readable.is_in_copy
GROUP BY quotes_readable.speaker_id, quotes_readable.speaker_name, CAST(quotes_readable.published_at AS DATE);

-- Of the figures those of quantities that outlets of one story give differently.
CREATE OR REPLACE VIEW disagreeing_figures AS
SELECT * FROM figures_readable WHERE disagrees;

-- Of the figures those of quantities that several outlets of one story give alike, in whatever words and units, copies aside.
CREATE OR REPLACE VIEW agreeing_figures AS
SELECT * FROM figures_readable WHERE NOT disagrees AND outlet_count > 1;

-- How much two outlets have in common; one row per pair, the outlets in the order of their names.
-- Articles that name no outlet are left out.
CREATE OR REPLACE VIEW outlet_overlap AS
WITH told AS (
    SELECT DISTINCT outlet_name, 'story' AS what, story_id AS shared_id
    FROM articles
    WHERE outlet_name IS NOT NULL AND story_id IS NOT NULL
    UNION ALL
    SELECT DISTINCT outlet_name, 'utterance' AS what, quote_group_id AS shared_id
    FROM quote_variants
    WHERE outlet_name IS NOT NULL
    UNION ALL
    SELECT DISTINCT articles.outlet_name, 'copy' AS what, copies.article_id AS shared_id
    FROM copies
    JOIN articles ON articles.article_id IN (copies.article_id, copies.copy_of_article_id)
    WHERE articles.outlet_name IS NOT NULL
)
SELECT
    one.outlet_name AS outlet_name,
    other.outlet_name AS other_outlet_name,
    count(CASE WHEN one.what = 'story' THEN 1 END) AS story_count,
    count(CASE WHEN one.what = 'utterance' THEN 1 END) AS utterance_count,
    count(CASE WHEN one.what = 'copy' THEN 1 END) AS copy_count
FROM told AS one
JOIN told AS other
    ON other.what = one.what AND other.shared_id = one.shared_id AND other.outlet_name > one.outlet_name
GROUP BY one.outlet_name, other.outlet_name;
