load helper

@test "resolve needs a revision, a statement and an outcome" {
    fails 2 "resolve needs REVISION" resolve
    fails 2 "resolve needs --statement" resolve 001
    fails 2 "resolve needs --as" resolve 001 --statement 1
    fails 2 "done or undone" resolve 001 --statement 1 --as maybe
    fails 2 "whole number" resolve 001 --statement x --as done
    fails 2 "counted from 1" resolve 001 --statement 0 --as done
}

@test "resolve refuses a statement whose outcome is known" {
    chain
    whimbrel upgrade -q
    fails 2 "001" resolve 001 --statement 1 --as done
}
