"""Brings a database to the tables of this version."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from db.core.engine import driver_url


def configuration(url: str) -> Config:
    """Alembic's settings for our migrations on the database at `url`."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations"))
    # Alembic reads its options through configparser, to which a percent sign is special.
    config.set_main_option("sqlalchemy.url", driver_url(url).replace("%", "%%"))
    return config


def upgrade(url: str) -> None:
    """Applies the migrations that the database at `url` lacks."""
    command.upgrade(configuration(url), "head")
