import asyncio
import sys

_SCRIPT = "from db.users import passwords; print(passwords.hash_password('correct horse battery'))"


async def test_passwords_are_hashed_by_argon2_with_the_memory_and_the_passes_that_its_rfc_recommends() -> None:
    """RFC 9106, section 4, the second choice: 64 MiB, three passes, four lanes."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", _SCRIPT, stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()
    assert output.startswith(b"$argon2id$v=19$m=65536,t=3,p=4$")
