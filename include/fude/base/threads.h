// The one owner of thread counts: what is set here holds for the BLAS and for the library's own loops.
//
//   fude::set_threads(2);
//   assert(fude::threads() == 2);
#pragma once

namespace fude {

// n from 1 to 1024; 0 means one thread a core. Call it between computations, not during one.
void set_threads(int n);
int threads();

}  // namespace fude
