// Ctrl-C and its kin: the first asks for an orderly end, the second quits at once. Training hears some more.
#pragma once

#include <atomic>
#include <cstdint>

namespace fude {

inline constexpr int kInterruptedExit = 130;

// From here on the program ends with a message and exit code 1 where a mapped file turns out to be shorter than it was,
// or its disk to be broken (SIGBUS).
void catch_lost_files();

// From here on SIGINT, SIGTERM, SIGHUP and SIGXCPU (ulimit -t) set interrupted(), and a second one quits with
// kInterruptedExit; what comes within half a second of the first is taken for the same, as `timeout` and others send it
// to a program and to its group. A signal that the process was started to ignore (nohup, background jobs) stays
// ignored.
void catch_signals();
// For the library's `stop` arguments.
const std::atomic<bool>& interrupted();
// Whether one of the signals was not Ctrl-C, which a prompt may survive, but another.
bool told_to_end();
// The next Ctrl-C is a first one again.
void clear_interrupt();

// For work of hours, from here on: a terminal that is lost (SIGHUP) ends nothing, as with nohup; SIGUSR1 sets
// save_asked(); and the time that Ctrl-Z stops the program for is counted.
void catch_training_signals();
std::atomic<bool>& save_asked();
const std::atomic<int64_t>& nanoseconds_stopped();

}  // namespace fude
