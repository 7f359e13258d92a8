"""Which fault is tried by which test. Each line of the second kind is a file of this folder and a test in it.

killed (kill -9)
    while answering                  kills: no_answer_that_was_confirmed_is_lost_when_the_program_is_killed
    ... before it was confirmed      two_programs: every_answer_that_was_confirmed_survives_kill_9
    syncing, migrating, backing up, importing
                                     kills: what_was_killed_is_whole_once_it_is_run_again
    ... and where a session stood    two_programs: a_session_goes_on_where_the_killed_program_stood
disk full
    under every command              full_disk: on_a_full_disk_no_command_loses_or_spoils_anything
    files that may not grow          full_disk: where_files_may_not_grow_no_command_loses_or_spoils_anything
    in a session                     store_faults: a_session_goes_on_while_the_disk_is_full
    in a folder for sync             sync_folder: a_full_disk_leaves_no_half_line_in_the_folder
disk read-only, slow, failing
    the whole disk                   places: on_a_read_only_disk_every_command_says_so_in_a_line_and_changes_nothing
    the folder                       store_faults: a_read_only_folder_is_told_at_the_start
    the file                         store_faults: a_history_in_a_read_only_folder_is_told_at_the_start
    a folder for sync                sync_folder: a_folder_that_may_only_be_read_is_read_and_nothing_is_lost
    slow                             places: on_a_slow_disk_no_answer_is_confirmed_before_the_disk_has_it
    with errors, full, read-only in the middle
                                     places: a_disk_that_fails_in_a_session_loses_no_answer
lock held by another program
    for a while                      places: a_lock_that_is_held_for_a_while_is_waited_for
    for ever                         places: a_lock_that_is_never_let_go_is_told_and_no_answer_is_lost
the store under the running program
    deleted, moved, replaced         store_replaced: what_a_run_answered_outlives_its_file
    moved and moved back             store_replaced: a_moved_file_that_comes_back_has_every_answer_once
    ... with answers of others in it history_lost: what_a_killed_program_left_in_the_log_outlives_a_file_that_is_moved
    ... beside another program       history_lost: a_file_that_is_away_for_a_moment_costs_the_program_beside_nothing
    cannot be seen for a moment      history_lost: a_disk_that_does_not_answer_once_is_no_loss
    written over in place            store_replaced:
                                     a_file_that_is_written_over_in_place_is_never_taken_for_a_sound_one
the clock
    back ten days, 1970, ahead       clocks: a_clock_that_was_set_wrong_and_right_again_loses_no_answer
    ... in the middle of a session   clocks: a_clock_that_jumps_in_the_middle_of_a_session_loses_no_answer
    before 1970 by local time        clocks: 1970_in_the_far_west_is_before_the_first_day_and_does_no_harm
    other time zones                 clocks: a_journey_through_time_zones_loses_no_answer_and_no_day
    nights of summer time            clocks: in_the_nights_of_summer_time_every_answer_counts_on_its_day
    ... in one session               clocks: a_session_through_the_night_of_summer_time_is_one_session
the home folder
    spaces, accents, any bytes       places: a_home_of_any_name_holds_a_history
    none                             places: without_any_home_the_way_out_is_told
two programs at once
    a thousand answers               two_programs: two_programs_answering_at_once_keep_every_answer
    answers and a sync               sync_folder: a_program_that_answers_while_another_syncs_loses_nothing
    migrations                       two_programs: two_programs_that_migrate_at_the_same_moment_do_it_once
damage
    the store, at 100 places         damage: a_history_damaged_at_a_hundred_places_is_never_taken_for_a_sound_one
    ... and files that are none      store_faults: a_file_that_is_no_history_is_refused_and_left_byte_for_byte
    answers on their way             damage: a_damaged_journal_is_told_and_its_sound_answers_are_taken_in
    rescued answers                  damage: a_damaged_rescue_file_is_told_and_its_sound_answers_are_taken_in
    whatever lies beside             damage: a_damaged_file_beside_the_history_costs_no_answer
    a file of a folder for sync      sync_folder: json_tells_what_was_done_and_a_damaged_file_ends_with_1
"""

from __future__ import annotations

import re
from pathlib import Path


def test_each_fault_of_the_list_has_its_test() -> None:
    """The table above names tests that are there."""
    listed = re.findall(r"([a-z_]+):\s+([a-z0-9_]+)$", str(__doc__), re.MULTILINE)
    assert len(listed) == 39
    for file, name in listed:
        assert f"def test_{name}(" in Path(__file__).with_name(f"test_{file}.py").read_text("utf-8"), (file, name)
