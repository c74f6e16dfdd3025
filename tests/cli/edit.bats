load helper

@test "edit opens the files of the symbols" {
    chain
    EDITOR='echo' run -0 whimbrel edit head 001
    says migrations/003.sql
    says migrations/001.sql
}

@test "edit tells an editor that is not installed, and where its name came from" {
    chain
    EDITOR=no-such-editor fails 1 "no-such-editor" edit head
    says "EDITOR"
}

@test "edit fails where the editor fails" {
    chain
    EDITOR='false' fails 1 'ended with code 1' edit head
}

@test "edit refuses an unknown revision" {
    chain
    EDITOR='echo' fails 1 "nope" edit nope
}
