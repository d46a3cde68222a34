/* formats/hdf5_program.h - for the program kymo alone, which owns its process; a program that uses libkymo may not want it. */
#ifndef KYMO_HDF5_PROGRAM_H
#define KYMO_HDF5_PROGRAM_H

/* Before anything else: the HDF5 library does not clean up at exit. All files are closed by then, and where one was damaged it
 * would print "infinite loop closing library". Costs nothing; the library is not started by it. */
void kymo_hdf5_leave_exit(void);

#endif
