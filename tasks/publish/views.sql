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
JOIN quotes_readable ON quotes_readable.quote_group_id = quote_groups.quote_group_id;

-- Every figure with its article, outlet and story, and the range its story's articles give.
CREATE OR REPLACE VIEW figures_readable AS
SELECT
    figures.figure_id,
    figures.quantity,
    figures.value,
    figures.unit,
    figures.qualifier,
    figures.text,
    figure_groups.minimum_value,
    figure_groups.maximum_value,
    figure_groups.disagrees,
    articles.outlet_name,
    articles.title AS article_title,
    stories.headline AS story_headline,
    figures.figure_group_id,
    figures.article_id,
    articles.story_id
FROM figures
JOIN articles ON articles.article_id = figures.article_id
LEFT JOIN figure_groups ON figure_groups.figure_group_id = figures.figure_group_id
LEFT JOIN stories ON stories.story_id = articles.story_id;
