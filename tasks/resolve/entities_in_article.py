"""Who is who within one article: mentions of one person, organisation or place under one local id."""

from schemas import EntityMention
from tasks.resolve.clusters import Cluster
from tasks.resolve.organisations import cluster_names
from tasks.resolve.people_in_article import cluster_people


def cluster_mentions(mentions: list[EntityMention], text: str, article_id: str) -> list[Cluster]:
    """Clusters of one article's mentions, by first mention; each mention's local_id is set."""
    clusters = cluster_people(mentions, text) + cluster_names(mentions, text)
    for cluster in clusters:
        cluster.mentions.sort(key=lambda mention: mention.start_char)
    clusters.sort(key=lambda cluster: cluster.mentions[0].start_char)
    for number, cluster in enumerate(clusters):
        cluster.local_id = f"{article_id}:{number}"
        for mention in cluster.mentions:
            mention.local_id = cluster.local_id
    return clusters
