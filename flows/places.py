"""A type of the flows' parameters: where news come from or tables go to."""

from typing import Annotated

from pydantic import Field

from tasks.secrets import WITHOUT_PASSWORD

# In the schema alone: a run called from Python is told why by `check_no_password`.
Place = Annotated[str, Field(json_schema_extra={"pattern": WITHOUT_PASSWORD})]
