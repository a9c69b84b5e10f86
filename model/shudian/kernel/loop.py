"""The functions around the equations, as LLVM IR: a block from month to month, and all blocks one after the other.

They hold nothing of a model but how many numbers stand where.
"""

from __future__ import annotations


def follow(vector: str, lanes: int, scheduled: int) -> str:
    """One block from month to month: its steps, and its outputs at the start of each month."""
    return f"""
; One block, whose stocks stand in its slots, from the start of month `from` to that of month `until`. Its outputs at
; the start of each of these go to out: [output][month 0..months][draw], with `row` draws to a row.
define internal void @follow(ptr noalias %schedules, ptr noalias %outputs, i64 %n_outputs, ptr noalias %out, i64 %row,
                             i64 %from, i64 %until, i64 %months, i64 %steps, ptr noalias %slots) nounwind {{
entry:
  %steps_as_double = uitofp i64 %steps to double
  %step = fdiv double 1.0, %steps_as_double
  %rows = add i64 %months, 1
  %all_steps = mul i64 %months, %steps
  %last_step = sub i64 %all_steps, 1
  br label %month

month:
  %m = phi i64 [ %from, %entry ], [ %next_m, %month_end ]
  %year = udiv i64 %m, 12
  %first_step = mul i64 %m, %steps
  %beyond = icmp eq i64 %m, %months ; where no schedule is, the last one's values stand
  %schedule_step = select i1 %beyond, i64 %last_step, i64 %first_step
  %schedule_offset = mul i64 %schedule_step, {scheduled}
  %schedule_of_month = getelementptr double, ptr %schedules, i64 %schedule_offset
  %month_as_double = uitofp i64 %m to double
  call void @prepare_month(ptr %slots, i64 %year)
  call void @observe(ptr %slots, ptr %schedule_of_month, double %month_as_double, i64 %year)
  br label %output

output:
  %o = phi i64 [ 0, %month ], [ %next_o, %copy ]
  %copied = icmp eq i64 %o, %n_outputs
  br i1 %copied, label %steps_or_end, label %copy

copy:
  %slot_place = getelementptr i64, ptr %outputs, i64 %o
  %slot = load i64, ptr %slot_place
  %value_place = getelementptr {vector}, ptr %slots, i64 %slot
  %value = load {vector}, ptr %value_place, align {lanes * 8}
  %rows_before = mul i64 %o, %rows
  %row_index = add i64 %rows_before, %m
  %out_offset = mul i64 %row_index, %row
  %out_place = getelementptr double, ptr %out, i64 %out_offset
  store {vector} %value, ptr %out_place, align 8
  %next_o = add i64 %o, 1
  br label %output

steps_or_end:
  %at_end = icmp eq i64 %m, %until
  br i1 %at_end, label %return, label %step_start

step_start:
  %k = phi i64 [ 0, %steps_or_end ], [ %next_k, %advance ]
  %s = add i64 %first_step, %k
  %s_as_double = uitofp i64 %s to double
  %time = fdiv double %s_as_double, %steps_as_double
  %step_offset = mul i64 %s, {scheduled}
  %schedule = getelementptr double, ptr %schedules, i64 %step_offset
  %is_first = icmp eq i64 %k, 0
  br i1 %is_first, label %advance, label %derive ; @observe has left the derivatives at the month's start

derive:
  call void @derivatives(ptr %slots, ptr %schedule, double %time, i64 %year)
  br label %advance

advance:
  call void @advance(ptr %slots, ptr %schedule, double %time, i64 %year, double %step)
  %next_k = add i64 %k, 1
  %month_done = icmp eq i64 %next_k, %steps
  br i1 %month_done, label %month_end, label %step_start

month_end:
  %next_m = add i64 %m, 1
  br label %month

return:
  ret void
}}
"""


def blocks(vector: str, fixed: int, slots: int) -> str:
    """What is called from outside: `integrate`, and its two parts, `begin` and `resume`."""
    prepare = "  call void @prepare_block(ptr %slots, ptr %fixed_of_block)"
    return "".join(
        (
            _over_blocks(
                "integrate", "ptr noalias %fixed", "ptr noalias %slots", "", _fixed(vector, fixed) + prepare,
                "0", "%months", vector,
                "All blocks from the start to the end. slots: working space, aligned to a vector.",
            ),
            _over_blocks(
                "begin", "ptr noalias %fixed", "ptr noalias %states", ", i64 %until",
                _fixed(vector, fixed) + _state("slots", vector, slots) + prepare, "0", "%until", vector,
                "As `integrate` up to month `until`, whose state is left in states: [block][slot][lane], aligned.",
            ),
            _over_blocks(
                "resume", "ptr noalias %states", "ptr noalias %slots", ", i64 %from",
                _state("state", vector, slots) + _copied(vector, slots), "%from", "%months", vector,
                "From the states that `begin` has left at month `from`, which stay as they are, to the end. Of `out` "
                "the months before are not written.",
            ),
        )
    )  # fmt: skip


def _over_blocks(
    name: str, given: str, place: str, month: str, ready: str, since: str, until: str, vector: str, said: str
) -> str:
    """The function `name`, which makes each block `ready` in `%slots` and follows it `since` one month `until` another.

    `given` is its first argument, `place` the last but for the `month` that some have.
    """
    return f"""
; {said}
; fixed: [block][parameter][lane]; schedules: [step][parameter]; outputs: slots; out: [output][month 0..months][draw]
; with `row` draws to a row.
define void @{name}({given}, ptr noalias %schedules, ptr noalias %outputs, i64 %n_outputs, ptr noalias %out, i64 %row,
                    i64 %blocks, i64 %months, i64 %steps, {place}{month}) nounwind {{
entry:
  br label %block

block:
  %b = phi i64 [ 0, %entry ], [ %next_b, %ready ]
  %out_of_block = getelementptr {vector}, ptr %out, i64 %b
{ready}
  br label %ready

ready:
  call void @follow(ptr %schedules, ptr %outputs, i64 %n_outputs, ptr %out_of_block, i64 %row, i64 {since},
                    i64 {until}, i64 %months, i64 %steps, ptr %slots)
  %next_b = add i64 %b, 1
  %done = icmp eq i64 %next_b, %blocks
  br i1 %done, label %return, label %block

return:
  ret void
}}
"""


def _fixed(vector: str, fixed: int) -> str:
    return f"""  %fixed_offset = mul i64 %b, {fixed}
  %fixed_of_block = getelementptr {vector}, ptr %fixed, i64 %fixed_offset
"""


def _state(name: str, vector: str, slots: int) -> str:
    """The pointer `name` to where a block's state stands."""
    return f"""  %state_offset = mul i64 %b, {slots}
  %{name} = getelementptr {vector}, ptr %states, i64 %state_offset
"""


def _copied(vector: str, slots: int) -> str:
    """`%slots` as `%state`, vector by vector."""
    return f"""  br label %copy

copy:
  %n = phi i64 [ 0, %block ], [ %next_n, %copy ]
  %source = getelementptr {vector}, ptr %state, i64 %n
  %value = load {vector}, ptr %source
  %target = getelementptr {vector}, ptr %slots, i64 %n
  store {vector} %value, ptr %target
  %next_n = add i64 %n, 1
  %all = icmp eq i64 %next_n, {slots}
  br i1 %all, label %copied, label %copy

copied:"""
