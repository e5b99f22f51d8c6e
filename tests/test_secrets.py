import pytest

from tasks.secrets import check_no_password, hide_password


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("sftp://ada:s3cret@host.example/in", "sftp://***@host.example/in", id="user-and-password"),
        pytest.param("s3://:s3cret@bucket/key", "s3://***@bucket/key", id="password-alone"),
        pytest.param("sftp://ada@host.example/in", "sftp://ada@host.example/in", id="user-alone"),
        pytest.param("https://paper.example/a:b@c", "https://paper.example/a:b@c", id="in-the-path"),
        pytest.param("data/in:box@home", "data/in:box@home", id="a-path"),
    ],
)
def test_hide_password_leaves_all_but_the_password(text, shown):
    assert hide_password(text) == shown
    if text == shown:
        check_no_password([text])
    else:
        with pytest.raises(ValueError, match="carries a password") as raised:
            check_no_password(["inbox", text])
        assert "s3cret" not in str(raised.value)
