/* cli/hrv_measures.c - see hrv_measures.h. */
#include "cli/hrv_measures.h"

#include "algorithms/hrv_fuzzy.h"

#include <math.h>
#include <stdlib.h>

#define AT(field) offsetof(struct hrv_values, field)
#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

#define TASK_FORCE "Task Force 1996, table 1"

/* name, decimals, group, standard, level, where, least intervals, least seconds, unit, definition, source, band */
const struct hrv_measure hrv_measures[] = {
    {"mean_nn_ms", 6, HRV_TIME, true, true, AT(time.mean_nn_ms), 1, 0, "ms", "mean of NN", TASK_FORCE, HRV_NO_BAND},
    {"mean_hr_per_min", 6, HRV_TIME, true, true, AT(time.mean_hr_per_min), 1, 0, "1/min", "60000 / mean of NN", TASK_FORCE, HRV_NO_BAND},
    {"sdnn_ms", 6, HRV_TIME, true, false, AT(time.sdnn_ms), 2, 0, "ms", "standard deviation of NN, n - 1", TASK_FORCE, HRV_NO_BAND},
    {"rmssd_ms", 6, HRV_TIME, true, false, AT(time.rmssd_ms), 2, 0, "ms", "root mean square of successive differences", TASK_FORCE, HRV_NO_BAND},
    {"sdsd_ms", 6, HRV_TIME, true, false, AT(time.sdsd_ms), 3, 0, "ms", "standard deviation of successive differences, n - 1",
     TASK_FORCE, HRV_NO_BAND},
    {"nn50", 0, HRV_TIME, true, false, AT(time.nn50), 2, 0, "1", "successive differences of more than 50 ms", TASK_FORCE, HRV_NO_BAND},
    {"pnn50_pct", 6, HRV_TIME, true, false, AT(time.pnn50_pct), 2, 0, "%", "nn50 in per cent of all differences",
     TASK_FORCE ", but for the divisor", HRV_NO_BAND},
    {"nn20", 0, HRV_TIME, true, false, AT(time.nn20), 2, 0, "1", "successive differences of more than 20 ms", "Mietus 2002", HRV_NO_BAND},
    {"pnn20_pct", 6, HRV_TIME, true, false, AT(time.pnn20_pct), 2, 0, "%", "nn20 in per cent of all differences", "Mietus 2002", HRV_NO_BAND},
    {"pnnx_pct", 6, HRV_TIME, false, false, AT(time.pnnx_pct), 2, 0, "%", "differences of more than --pnn ms in per cent of all",
     "Mietus 2002", HRV_NO_BAND},
    {"min_nn_ms", 6, HRV_TIME, true, true, AT(time.min_nn_ms), 1, 0, "ms", "shortest NN", "", HRV_NO_BAND},
    {"max_nn_ms", 6, HRV_TIME, true, true, AT(time.max_nn_ms), 1, 0, "ms", "longest NN", "", HRV_NO_BAND},
    {"median_nn_ms", 6, HRV_TIME, true, true, AT(time.median_nn_ms), 1, 0, "ms", "median of NN", "", HRV_NO_BAND},
    {"prc20_nn_ms", 6, HRV_TIME, false, true, AT(time.prc20_nn_ms), 1, 0, "ms", "20th percentile of NN", "", HRV_NO_BAND},
    {"prc80_nn_ms", 6, HRV_TIME, false, true, AT(time.prc80_nn_ms), 1, 0, "ms", "80th percentile of NN", "", HRV_NO_BAND},
    {"iqr_nn_ms", 6, HRV_TIME, false, false, AT(time.iqr_nn_ms), 2, 0, "ms", "distance between the quartiles of NN", "", HRV_NO_BAND},
    {"mad_nn_ms", 6, HRV_TIME, false, false, AT(time.mad_nn_ms), 2, 0, "ms", "1.4826 x median of |NN - median of NN|", "", HRV_NO_BAND},
    {"cvnn_pct", 6, HRV_TIME, false, false, AT(time.cvnn_pct), 2, 0, "%", "SDNN in per cent of the mean of NN", "", HRV_NO_BAND},
    {"cvsd_pct", 6, HRV_TIME, false, false, AT(time.cvsd_pct), 2, 0, "%", "RMSSD in per cent of the mean of NN", "", HRV_NO_BAND},
    {"sd_hr_per_min", 6, HRV_TIME, false, false, AT(time.sd_hr_per_min), 2, 0, "1/min", "standard deviation of 60000 / NN, n - 1", "", HRV_NO_BAND},
    {"min_hr_per_min", 6, HRV_TIME, false, true, AT(time.min_hr_per_min), 1, 0, "1/min", "60000 / longest NN", "", HRV_NO_BAND},
    {"max_hr_per_min", 6, HRV_TIME, false, true, AT(time.max_hr_per_min), 1, 0, "1/min", "60000 / shortest NN", "", HRV_NO_BAND},
    {"sdann_ms", 6, HRV_SEGMENTS, true, false, AT(segments.sdann_ms), 2, 600, "ms",
     "standard deviation of the means of 5-minute segments, n - 1", TASK_FORCE, HRV_NO_BAND},
    {"sdnn_index_ms", 6, HRV_SEGMENTS, true, false, AT(segments.sdnn_index_ms), 2, 300, "ms",
     "mean of the standard deviations of 5-minute segments", TASK_FORCE, HRV_NO_BAND},
    {"hti", 6, HRV_GEOMETRY, true, false, AT(geometry.hti), 1, 1200, "1", "NN / the tallest bin of their histogram, bins of 7.8125 ms",
     TASK_FORCE, HRV_NO_BAND},
    {"tinn_ms", 6, HRV_GEOMETRY, true, false, AT(geometry.tinn_ms), 1, 1200, "ms",
     "base of the triangle that fits the histogram with the least squares", TASK_FORCE, HRV_NO_BAND},
    {"tinn_area_ms", 6, HRV_GEOMETRY, false, false, AT(geometry.tinn_area_ms), 1, 1200, "ms",
     "base of the triangle as tall as the histogram that has its area", "RHRV", HRV_NO_BAND},
    {"total_ms2", 6, HRV_FREQUENCY, true, false, AT(powers.total_ms2), 2, 0, "ms^2",
     "power up to the upper edge of HF", "Task Force 1996, table 2", HRV_NEEDS_VLF},
    {"vlf_ms2", 6, HRV_FREQUENCY, true, false, AT(powers.vlf_ms2), 2, 0, "ms^2",
     "power of the very low frequencies, 0.003-0.04 Hz (kubios: 0-0.04)", "Task Force 1996, table 2", HRV_NEEDS_VLF},
    {"lf_ms2", 6, HRV_FREQUENCY, true, false, AT(powers.lf_ms2), 2, 0, "ms^2",
     "power of the low frequencies, 0.04-0.15 Hz", "Task Force 1996, table 2", HRV_NEEDS_LF},
    {"hf_ms2", 6, HRV_FREQUENCY, true, false, AT(powers.hf_ms2), 2, 0, "ms^2",
     "power of the high frequencies, 0.15-0.4 Hz", "Task Force 1996, table 2", HRV_NEEDS_HF},
    {"lf_nu", 6, HRV_FREQUENCY, true, false, AT(powers.lf_nu), 2, 0, "%",
     "LF in per cent of the total without what lies below LF", "Task Force 1996, table 2", HRV_NEEDS_LF},
    {"hf_nu", 6, HRV_FREQUENCY, true, false, AT(powers.hf_nu), 2, 0, "%",
     "HF in per cent of the same", "Task Force 1996, table 2", HRV_NEEDS_LF},
    {"lf_hf", 6, HRV_FREQUENCY, true, false, AT(powers.lf_hf), 2, 0, "1",
     "LF / HF", "Task Force 1996, table 2", HRV_NEEDS_LF},
    {"vlf_pct", 6, HRV_FREQUENCY, false, false, AT(powers.vlf_pct), 2, 0, "%",
     "VLF in per cent of the total", "", HRV_NEEDS_VLF},
    {"lf_pct", 6, HRV_FREQUENCY, false, false, AT(powers.lf_pct), 2, 0, "%",
     "LF in per cent of the total", "", HRV_NEEDS_VLF},
    {"hf_pct", 6, HRV_FREQUENCY, false, false, AT(powers.hf_pct), 2, 0, "%",
     "HF in per cent of the total", "", HRV_NEEDS_VLF},
    {"vlf_peak_hz", 6, HRV_FREQUENCY, false, false, AT(powers.vlf_peak_hz), 2, 0, "Hz",
     "frequency of the highest peak in VLF", "", HRV_NEEDS_VLF},
    {"lf_peak_hz", 6, HRV_FREQUENCY, true, false, AT(powers.lf_peak_hz), 2, 0, "Hz",
     "frequency of the highest peak in LF", "", HRV_NEEDS_LF},
    {"hf_peak_hz", 6, HRV_FREQUENCY, true, false, AT(powers.hf_peak_hz), 2, 0, "Hz",
     "frequency of the highest peak in HF", "", HRV_NEEDS_HF},
    {"ulf_ms2", 6, HRV_ULF, true, false, AT(ulf_ms2), 2, 0, "ms^2",
     "power of the ultra low frequencies, up to 0.003 Hz, in the Lomb periodogram of all of it", "Task Force 1996, table 2", HRV_NEEDS_ULF},
    {"sd1_ms", 6, HRV_POINCARE, true, false, AT(poincare.sd1_ms), 3, 0, "ms",
     "width of the Poincare plot: standard deviation across the line of identity", "Brennan 2001", HRV_NO_BAND},
    {"sd2_ms", 6, HRV_POINCARE, true, false, AT(poincare.sd2_ms), 3, 0, "ms",
     "length of the Poincare plot: standard deviation along the line of identity", "Brennan 2001", HRV_NO_BAND},
    {"sd1_sd2", 6, HRV_POINCARE, true, false, AT(poincare.sd1_sd2), 3, 0, "1",
     "SD1 / SD2", "Brennan 2001", HRV_NO_BAND},
    {"ellipse_area_ms2", 6, HRV_POINCARE, false, false, AT(poincare.area_ms2), 3, 0, "ms^2",
     "pi SD1 SD2", "Brennan 2001", HRV_NO_BAND},
    {"csi", 6, HRV_POINCARE, false, false, AT(poincare.csi), 3, 0, "1",
     "cardiac sympathetic index, SD2 / SD1", "Toichi 1997", HRV_NO_BAND},
    {"csi_modified_ms", 6, HRV_POINCARE, false, false, AT(poincare.csi_modified_ms), 3, 0, "ms",
     "4 SD2^2 / SD1", "Jeppesen 2015", HRV_NO_BAND},
    {"cvi", 6, HRV_POINCARE, false, false, AT(poincare.cvi), 3, 0, "1",
     "cardiac vagal index, log10(16 SD1 SD2)", "Toichi 1997", HRV_NO_BAND},
    {"guzik_pct", 6, HRV_ASYMMETRY, false, false, AT(poincare.guzik_pct), 3, 0, "%",
     "distances to the line of identity of decelerations in per cent of all", "Guzik 2006", HRV_NO_BAND},
    {"slope_pct", 6, HRV_ASYMMETRY, false, false, AT(poincare.slope_pct), 3, 0, "%",
     "angles to the line of identity of decelerations in per cent of all", "Karmakar 2009", HRV_NO_BAND},
    {"area_index_pct", 6, HRV_ASYMMETRY, false, false, AT(poincare.area_pct), 3, 0, "%",
     "sectors of decelerations in per cent of all", "Yan 2017", HRV_NO_BAND},
    {"porta_pct", 6, HRV_ASYMMETRY, false, false, AT(poincare.porta_pct), 3, 0, "%",
     "accelerations in per cent of all changes", "Porta 2008", HRV_NO_BAND},
    {"c1d", 6, HRV_ASYMMETRY, false, false, AT(poincare.c1d), 3, 0, "1",
     "part of decelerations in short-term variance", "Piskorski 2011", HRV_NO_BAND},
    {"c1a", 6, HRV_ASYMMETRY, false, false, AT(poincare.c1a), 3, 0, "1",
     "part of accelerations in short-term variance", "Piskorski 2011", HRV_NO_BAND},
    {"c2d", 6, HRV_ASYMMETRY, false, false, AT(poincare.c2d), 3, 0, "1",
     "part of decelerations in long-term variance", "Piskorski 2011", HRV_NO_BAND},
    {"c2a", 6, HRV_ASYMMETRY, false, false, AT(poincare.c2a), 3, 0, "1",
     "part of accelerations in long-term variance", "Piskorski 2011", HRV_NO_BAND},
    {"cd", 6, HRV_ASYMMETRY, false, false, AT(poincare.cd), 3, 0, "1",
     "part of decelerations in the total variance", "Piskorski 2011", HRV_NO_BAND},
    {"ca", 6, HRV_ASYMMETRY, false, false, AT(poincare.ca), 3, 0, "1",
     "part of accelerations in the total variance", "Piskorski 2011", HRV_NO_BAND},
    {"sd1d_ms", 6, HRV_ASYMMETRY, false, false, AT(poincare.sd1d_ms), 3, 0, "ms",
     "SD1 of decelerations", "Piskorski 2011", HRV_NO_BAND},
    {"sd1a_ms", 6, HRV_ASYMMETRY, false, false, AT(poincare.sd1a_ms), 3, 0, "ms",
     "SD1 of accelerations", "Piskorski 2011", HRV_NO_BAND},
    {"sd2d_ms", 6, HRV_ASYMMETRY, false, false, AT(poincare.sd2d_ms), 3, 0, "ms",
     "SD2 of decelerations", "Piskorski 2011", HRV_NO_BAND},
    {"sd2a_ms", 6, HRV_ASYMMETRY, false, false, AT(poincare.sd2a_ms), 3, 0, "ms",
     "SD2 of accelerations", "Piskorski 2011", HRV_NO_BAND},
    {"sdnnd_ms", 6, HRV_ASYMMETRY, false, false, AT(poincare.sdnnd_ms), 3, 0, "ms",
     "SDNN of decelerations", "Piskorski 2011", HRV_NO_BAND},
    {"sdnna_ms", 6, HRV_ASYMMETRY, false, false, AT(poincare.sdnna_ms), 3, 0, "ms",
     "SDNN of accelerations", "Piskorski 2011", HRV_NO_BAND},
    {"pip_pct", 6, HRV_FRAGMENTATION, false, false, AT(fragment.pip_pct), 32, 0, "%",
     "turning points of the rhythm in per cent", "Costa 2017", HRV_NO_BAND},
    {"ials", 6, HRV_FRAGMENTATION, false, false, AT(fragment.ials), 32, 0, "1",
     "1 / mean length of accelerations and decelerations, in intervals", "Costa 2017", HRV_NO_BAND},
    {"pss_pct", 6, HRV_FRAGMENTATION, false, false, AT(fragment.pss_pct), 32, 0, "%",
     "differences outside accelerations and decelerations of 3 or more", "Costa 2017", HRV_NO_BAND},
    {"pas_pct", 6, HRV_FRAGMENTATION, false, false, AT(fragment.pas_pct), 32, 0, "%",
     "differences in alternations of 4 or more", "Costa 2017", HRV_NO_BAND},
    {"w0_pct", 6, HRV_FRAGMENTATION, false, false, AT(fragment.words_pct[0]), 32, 0, "%",
     "words of four differences with 0 turns in per cent", "Costa 2017", HRV_NO_BAND},
    {"w1_pct", 6, HRV_FRAGMENTATION, false, false, AT(fragment.words_pct[1]), 32, 0, "%",
     "words of four differences with 1 turns in per cent", "Costa 2017", HRV_NO_BAND},
    {"w2_pct", 6, HRV_FRAGMENTATION, false, false, AT(fragment.words_pct[2]), 32, 0, "%",
     "words of four differences with 2 turns in per cent", "Costa 2017", HRV_NO_BAND},
    {"w3_pct", 6, HRV_FRAGMENTATION, false, false, AT(fragment.words_pct[3]), 32, 0, "%",
     "words of four differences with 3 turns in per cent", "Costa 2017", HRV_NO_BAND},
    {"dc_ms", 6, HRV_PRSA, false, false, AT(prsa.dc_ms), 100, 0, "ms",
     "deceleration capacity", "Bauer 2006", HRV_NO_BAND},
    {"ac_ms", 6, HRV_PRSA, false, false, AT(prsa.ac_ms), 100, 0, "ms",
     "acceleration capacity", "Bauer 2006", HRV_NO_BAND},
    {"turbulence_onset_pct", 6, HRV_TURBULENCE, false, true, AT(turbulence.to_pct), 0, 0, "%",
     "how much shorter the two intervals after a ventricular beat are than those before", "Schmidt 1999", HRV_NO_BAND},
    {"turbulence_slope_ms_per_rr", 6, HRV_TURBULENCE, false, true, AT(turbulence.ts_ms_per_rr), 0, 0, "ms/RR",
     "steepest rise of five intervals after a ventricular beat", "Schmidt 1999", HRV_NO_BAND},
    {"dfa_alpha1", 6, HRV_FRACTAL, true, false, AT(dfa.alpha1), 64, 0, "1",
     "slope of detrended fluctuation over boxes of 4 to 16 (kubios: 4 to 12) intervals", "Peng 1995", HRV_NO_BAND},
    {"dfa_alpha2", 6, HRV_FRACTAL, true, false, AT(dfa.alpha2), 256, 0, "1",
     "the same over boxes of 16 to 64 (kubios: 12 to 64)", "Peng 1995", HRV_NO_BAND},
    {"sampen", 6, HRV_ENTROPY, true, false, AT(entropy.sampen), 100, 0, "1",
     "sample entropy, m = 2, r = 0.2 SDNN", "Richman 2000", HRV_NO_BAND},
    {"apen", 6, HRV_ENTROPY, false, false, AT(entropy.apen), 100, 0, "1",
     "approximate entropy, m = 2, r = 0.2 SDNN", "Pincus 1991", HRV_NO_BAND},
    {"fuzzyen", 6, HRV_FUZZY, false, false, AT(fuzzyen), 100, 0, "1",
     "fuzzy entropy, m = 2, r = 0.2 SDNN, power 2", "Chen 2007", HRV_NO_BAND},
    {"mse_area", 6, HRV_MULTISCALE, false, false, AT(multiscale.complexity_mse), 400, 0, "1",
     "sum over the scales 1 to 20 of mse", "Costa 2002", HRV_NO_BAND},
    {"mse_1", 6, HRV_MULTISCALE, false, false, AT(multiscale.mse[0]), 100, 0, "1",
     "sample entropy of means of 1 intervals", "Costa 2002", HRV_NO_BAND},
    {"mse_2", 6, HRV_MULTISCALE, false, false, AT(multiscale.mse[1]), 200, 0, "1",
     "sample entropy of means of 2 intervals", "Costa 2002", HRV_NO_BAND},
    {"mse_3", 6, HRV_MULTISCALE, false, false, AT(multiscale.mse[2]), 300, 0, "1",
     "sample entropy of means of 3 intervals", "Costa 2002", HRV_NO_BAND},
    {"mse_4", 6, HRV_MULTISCALE, false, false, AT(multiscale.mse[3]), 400, 0, "1",
     "sample entropy of means of 4 intervals", "Costa 2002", HRV_NO_BAND},
    {"mse_5", 6, HRV_MULTISCALE, false, false, AT(multiscale.mse[4]), 500, 0, "1",
     "sample entropy of means of 5 intervals", "Costa 2002", HRV_NO_BAND},
    {"mse_6", 6, HRV_MULTISCALE, false, false, AT(multiscale.mse[5]), 600, 0, "1",
     "sample entropy of means of 6 intervals", "Costa 2002", HRV_NO_BAND},
    {"mse_7", 6, HRV_MULTISCALE, false, false, AT(multiscale.mse[6]), 700, 0, "1",
     "sample entropy of means of 7 intervals", "Costa 2002", HRV_NO_BAND},
    {"mse_8", 6, HRV_MULTISCALE, false, false, AT(multiscale.mse[7]), 800, 0, "1",
     "sample entropy of means of 8 intervals", "Costa 2002", HRV_NO_BAND},
    {"mse_9", 6, HRV_MULTISCALE, false, false, AT(multiscale.mse[8]), 900, 0, "1",
     "sample entropy of means of 9 intervals", "Costa 2002", HRV_NO_BAND},
    {"mse_10", 6, HRV_MULTISCALE, false, false, AT(multiscale.mse[9]), 1000, 0, "1",
     "sample entropy of means of 10 intervals", "Costa 2002", HRV_NO_BAND},
    {"mse_11", 6, HRV_MULTISCALE, false, false, AT(multiscale.mse[10]), 1100, 0, "1",
     "sample entropy of means of 11 intervals", "Costa 2002", HRV_NO_BAND},
    {"mse_12", 6, HRV_MULTISCALE, false, false, AT(multiscale.mse[11]), 1200, 0, "1",
     "sample entropy of means of 12 intervals", "Costa 2002", HRV_NO_BAND},
    {"mse_13", 6, HRV_MULTISCALE, false, false, AT(multiscale.mse[12]), 1300, 0, "1",
     "sample entropy of means of 13 intervals", "Costa 2002", HRV_NO_BAND},
    {"mse_14", 6, HRV_MULTISCALE, false, false, AT(multiscale.mse[13]), 1400, 0, "1",
     "sample entropy of means of 14 intervals", "Costa 2002", HRV_NO_BAND},
    {"mse_15", 6, HRV_MULTISCALE, false, false, AT(multiscale.mse[14]), 1500, 0, "1",
     "sample entropy of means of 15 intervals", "Costa 2002", HRV_NO_BAND},
    {"mse_16", 6, HRV_MULTISCALE, false, false, AT(multiscale.mse[15]), 1600, 0, "1",
     "sample entropy of means of 16 intervals", "Costa 2002", HRV_NO_BAND},
    {"mse_17", 6, HRV_MULTISCALE, false, false, AT(multiscale.mse[16]), 1700, 0, "1",
     "sample entropy of means of 17 intervals", "Costa 2002", HRV_NO_BAND},
    {"mse_18", 6, HRV_MULTISCALE, false, false, AT(multiscale.mse[17]), 1800, 0, "1",
     "sample entropy of means of 18 intervals", "Costa 2002", HRV_NO_BAND},
    {"mse_19", 6, HRV_MULTISCALE, false, false, AT(multiscale.mse[18]), 1900, 0, "1",
     "sample entropy of means of 19 intervals", "Costa 2002", HRV_NO_BAND},
    {"mse_20", 6, HRV_MULTISCALE, false, false, AT(multiscale.mse[19]), 2000, 0, "1",
     "sample entropy of means of 20 intervals", "Costa 2002", HRV_NO_BAND},
    {"cmse_area", 6, HRV_MULTISCALE, false, false, AT(multiscale.complexity_cmse), 400, 0, "1",
     "sum over the scales 1 to 20 of cmse", "Wu 2013", HRV_NO_BAND},
    {"cmse_1", 6, HRV_MULTISCALE, false, false, AT(multiscale.cmse[0]), 100, 0, "1",
     "mean sample entropy of all such series, scale 1", "Wu 2013", HRV_NO_BAND},
    {"cmse_2", 6, HRV_MULTISCALE, false, false, AT(multiscale.cmse[1]), 200, 0, "1",
     "mean sample entropy of all such series, scale 2", "Wu 2013", HRV_NO_BAND},
    {"cmse_3", 6, HRV_MULTISCALE, false, false, AT(multiscale.cmse[2]), 300, 0, "1",
     "mean sample entropy of all such series, scale 3", "Wu 2013", HRV_NO_BAND},
    {"cmse_4", 6, HRV_MULTISCALE, false, false, AT(multiscale.cmse[3]), 400, 0, "1",
     "mean sample entropy of all such series, scale 4", "Wu 2013", HRV_NO_BAND},
    {"cmse_5", 6, HRV_MULTISCALE, false, false, AT(multiscale.cmse[4]), 500, 0, "1",
     "mean sample entropy of all such series, scale 5", "Wu 2013", HRV_NO_BAND},
    {"cmse_6", 6, HRV_MULTISCALE, false, false, AT(multiscale.cmse[5]), 600, 0, "1",
     "mean sample entropy of all such series, scale 6", "Wu 2013", HRV_NO_BAND},
    {"cmse_7", 6, HRV_MULTISCALE, false, false, AT(multiscale.cmse[6]), 700, 0, "1",
     "mean sample entropy of all such series, scale 7", "Wu 2013", HRV_NO_BAND},
    {"cmse_8", 6, HRV_MULTISCALE, false, false, AT(multiscale.cmse[7]), 800, 0, "1",
     "mean sample entropy of all such series, scale 8", "Wu 2013", HRV_NO_BAND},
    {"cmse_9", 6, HRV_MULTISCALE, false, false, AT(multiscale.cmse[8]), 900, 0, "1",
     "mean sample entropy of all such series, scale 9", "Wu 2013", HRV_NO_BAND},
    {"cmse_10", 6, HRV_MULTISCALE, false, false, AT(multiscale.cmse[9]), 1000, 0, "1",
     "mean sample entropy of all such series, scale 10", "Wu 2013", HRV_NO_BAND},
    {"cmse_11", 6, HRV_MULTISCALE, false, false, AT(multiscale.cmse[10]), 1100, 0, "1",
     "mean sample entropy of all such series, scale 11", "Wu 2013", HRV_NO_BAND},
    {"cmse_12", 6, HRV_MULTISCALE, false, false, AT(multiscale.cmse[11]), 1200, 0, "1",
     "mean sample entropy of all such series, scale 12", "Wu 2013", HRV_NO_BAND},
    {"cmse_13", 6, HRV_MULTISCALE, false, false, AT(multiscale.cmse[12]), 1300, 0, "1",
     "mean sample entropy of all such series, scale 13", "Wu 2013", HRV_NO_BAND},
    {"cmse_14", 6, HRV_MULTISCALE, false, false, AT(multiscale.cmse[13]), 1400, 0, "1",
     "mean sample entropy of all such series, scale 14", "Wu 2013", HRV_NO_BAND},
    {"cmse_15", 6, HRV_MULTISCALE, false, false, AT(multiscale.cmse[14]), 1500, 0, "1",
     "mean sample entropy of all such series, scale 15", "Wu 2013", HRV_NO_BAND},
    {"cmse_16", 6, HRV_MULTISCALE, false, false, AT(multiscale.cmse[15]), 1600, 0, "1",
     "mean sample entropy of all such series, scale 16", "Wu 2013", HRV_NO_BAND},
    {"cmse_17", 6, HRV_MULTISCALE, false, false, AT(multiscale.cmse[16]), 1700, 0, "1",
     "mean sample entropy of all such series, scale 17", "Wu 2013", HRV_NO_BAND},
    {"cmse_18", 6, HRV_MULTISCALE, false, false, AT(multiscale.cmse[17]), 1800, 0, "1",
     "mean sample entropy of all such series, scale 18", "Wu 2013", HRV_NO_BAND},
    {"cmse_19", 6, HRV_MULTISCALE, false, false, AT(multiscale.cmse[18]), 1900, 0, "1",
     "mean sample entropy of all such series, scale 19", "Wu 2013", HRV_NO_BAND},
    {"cmse_20", 6, HRV_MULTISCALE, false, false, AT(multiscale.cmse[19]), 2000, 0, "1",
     "mean sample entropy of all such series, scale 20", "Wu 2013", HRV_NO_BAND},
    {"rcmse_area", 6, HRV_MULTISCALE, false, false, AT(multiscale.complexity_rcmse), 400, 0, "1",
     "sum over the scales 1 to 20 of rcmse", "Wu 2014", HRV_NO_BAND},
    {"rcmse_1", 6, HRV_MULTISCALE, false, false, AT(multiscale.rcmse[0]), 100, 0, "1",
     "refined composite sample entropy, scale 1", "Wu 2014", HRV_NO_BAND},
    {"rcmse_2", 6, HRV_MULTISCALE, false, false, AT(multiscale.rcmse[1]), 200, 0, "1",
     "refined composite sample entropy, scale 2", "Wu 2014", HRV_NO_BAND},
    {"rcmse_3", 6, HRV_MULTISCALE, false, false, AT(multiscale.rcmse[2]), 300, 0, "1",
     "refined composite sample entropy, scale 3", "Wu 2014", HRV_NO_BAND},
    {"rcmse_4", 6, HRV_MULTISCALE, false, false, AT(multiscale.rcmse[3]), 400, 0, "1",
     "refined composite sample entropy, scale 4", "Wu 2014", HRV_NO_BAND},
    {"rcmse_5", 6, HRV_MULTISCALE, false, false, AT(multiscale.rcmse[4]), 500, 0, "1",
     "refined composite sample entropy, scale 5", "Wu 2014", HRV_NO_BAND},
    {"rcmse_6", 6, HRV_MULTISCALE, false, false, AT(multiscale.rcmse[5]), 600, 0, "1",
     "refined composite sample entropy, scale 6", "Wu 2014", HRV_NO_BAND},
    {"rcmse_7", 6, HRV_MULTISCALE, false, false, AT(multiscale.rcmse[6]), 700, 0, "1",
     "refined composite sample entropy, scale 7", "Wu 2014", HRV_NO_BAND},
    {"rcmse_8", 6, HRV_MULTISCALE, false, false, AT(multiscale.rcmse[7]), 800, 0, "1",
     "refined composite sample entropy, scale 8", "Wu 2014", HRV_NO_BAND},
    {"rcmse_9", 6, HRV_MULTISCALE, false, false, AT(multiscale.rcmse[8]), 900, 0, "1",
     "refined composite sample entropy, scale 9", "Wu 2014", HRV_NO_BAND},
    {"rcmse_10", 6, HRV_MULTISCALE, false, false, AT(multiscale.rcmse[9]), 1000, 0, "1",
     "refined composite sample entropy, scale 10", "Wu 2014", HRV_NO_BAND},
    {"rcmse_11", 6, HRV_MULTISCALE, false, false, AT(multiscale.rcmse[10]), 1100, 0, "1",
     "refined composite sample entropy, scale 11", "Wu 2014", HRV_NO_BAND},
    {"rcmse_12", 6, HRV_MULTISCALE, false, false, AT(multiscale.rcmse[11]), 1200, 0, "1",
     "refined composite sample entropy, scale 12", "Wu 2014", HRV_NO_BAND},
    {"rcmse_13", 6, HRV_MULTISCALE, false, false, AT(multiscale.rcmse[12]), 1300, 0, "1",
     "refined composite sample entropy, scale 13", "Wu 2014", HRV_NO_BAND},
    {"rcmse_14", 6, HRV_MULTISCALE, false, false, AT(multiscale.rcmse[13]), 1400, 0, "1",
     "refined composite sample entropy, scale 14", "Wu 2014", HRV_NO_BAND},
    {"rcmse_15", 6, HRV_MULTISCALE, false, false, AT(multiscale.rcmse[14]), 1500, 0, "1",
     "refined composite sample entropy, scale 15", "Wu 2014", HRV_NO_BAND},
    {"rcmse_16", 6, HRV_MULTISCALE, false, false, AT(multiscale.rcmse[15]), 1600, 0, "1",
     "refined composite sample entropy, scale 16", "Wu 2014", HRV_NO_BAND},
    {"rcmse_17", 6, HRV_MULTISCALE, false, false, AT(multiscale.rcmse[16]), 1700, 0, "1",
     "refined composite sample entropy, scale 17", "Wu 2014", HRV_NO_BAND},
    {"rcmse_18", 6, HRV_MULTISCALE, false, false, AT(multiscale.rcmse[17]), 1800, 0, "1",
     "refined composite sample entropy, scale 18", "Wu 2014", HRV_NO_BAND},
    {"rcmse_19", 6, HRV_MULTISCALE, false, false, AT(multiscale.rcmse[18]), 1900, 0, "1",
     "refined composite sample entropy, scale 19", "Wu 2014", HRV_NO_BAND},
    {"rcmse_20", 6, HRV_MULTISCALE, false, false, AT(multiscale.rcmse[19]), 2000, 0, "1",
     "refined composite sample entropy, scale 20", "Wu 2014", HRV_NO_BAND},
    {"rec_pct", 6, HRV_RECURRENCE, false, false, AT(recurrence.rec_pct), 100, 0, "%",
     "recurrence rate, m = 10, r = sqrt(m) SDNN", "Webber 1994, Tarvainen 2014", HRV_NO_BAND},
    {"det_pct", 6, HRV_RECURRENCE, false, false, AT(recurrence.det_pct), 100, 0, "%",
     "determinism: recurrent points in lines of 2 or more", "Webber 1994, Tarvainen 2014", HRV_NO_BAND},
    {"line_mean", 6, HRV_RECURRENCE, false, false, AT(recurrence.l_mean), 100, 0, "1",
     "mean length of lines, in intervals", "Webber 1994, Tarvainen 2014", HRV_NO_BAND},
    {"line_max", 6, HRV_RECURRENCE, false, false, AT(recurrence.l_max), 100, 0, "1",
     "longest line, in intervals", "Webber 1994, Tarvainen 2014", HRV_NO_BAND},
    {"line_entropy", 6, HRV_RECURRENCE, false, false, AT(recurrence.entr), 100, 0, "1",
     "Shannon entropy of the lengths of lines", "Webber 1994, Tarvainen 2014", HRV_NO_BAND},
    {"corrdim", 6, HRV_CORRDIM, false, false, AT(corrdim), 151, 0, "1",
     "correlation dimension, m = 10", "Grassberger 1983", HRV_NO_BAND},
};

const size_t hrv_n_measures = COUNT_OF(hrv_measures);
_Static_assert(COUNT_OF(hrv_measures) <= HRV_MOST_MEASURES, "room for a row");

const char *const hrv_group_name[HRV_GROUPS] = {
    [HRV_TIME] = "time", [HRV_SEGMENTS] = "segments", [HRV_GEOMETRY] = "geometry", [HRV_FREQUENCY] = "frequency",
    [HRV_ULF] = "ulf", [HRV_POINCARE] = "poincare",
    [HRV_ASYMMETRY] = "asymmetry", [HRV_FRAGMENTATION] = "fragmentation", [HRV_PRSA] = "prsa", [HRV_TURBULENCE] = "turbulence",
    [HRV_FRACTAL] = "fractal", [HRV_ENTROPY] = "entropy", [HRV_FUZZY] = "fuzzy", [HRV_MULTISCALE] = "multiscale",
    [HRV_RECURRENCE] = "recurrence", [HRV_CORRDIM] = "corrdim",
};

const char *const hrv_reason_word[HRV_REASONS] = {
    [HRV_GIVEN] = "", [HRV_FEW] = "few", [HRV_SHORT] = "short", [HRV_LONG] = "long", [HRV_ECTOPIC] = "ectopic",
    [HRV_GAPS] = "gaps", [HRV_UNDEFINED] = "undefined",
};

/* ---- computing ---- */

#define SEGMENT_S 300.0
#define SCALES 20
#define FUZZY_POWER 2
#define ENOUGH 0.95            /* of the time that a measure needs: five minutes hold a little less between beats */

/* Turbulence looks at all intervals, and at which beats end them. */
static int measure_turbulence(const struct hrv_stretch *s, struct hrv_turbulence *out, struct kymo_err *e)
{
    double *const rr_ms = malloc((s->n_beats + 1) * sizeof *rr_ms);
    unsigned char *const flags = malloc(2 * s->n_beats + 2);
    size_t *const ends_v = malloc((s->n_beats + 1) * sizeof *ends_v);
    size_t n = 0, n_v = 0;
    bool broken = true;
    const bool fine = rr_ms && flags && ends_v;

    for (size_t i = 1; fine && i < s->n_beats; i++) {
        const struct nn_beat *const b = &s->beat[i];
        broken |= b->after_break;
        if (b->after_break)
            continue;
        rr_ms[n] = (double)(b->time_ns - b[-1].time_ns) / 1e6;
        flags[n] = b->normal && b[-1].normal;
        flags[s->n_beats + n] = !broken;
        if (b->ventricular)
            ends_v[n_v++] = n;
        broken = false;
        n++;
    }
    const struct rr_series rr = {.rr_ms = rr_ms, .sinus = flags, .follows = fine ? flags + s->n_beats : NULL, .n = n};
    if (fine)
        hrv_turbulence(&rr, ends_v, n_v, out);
    if (fine && out->n_used < HRV_TURBULENCE_ENOUGH)
        out->to_pct = out->ts_ms_per_rr = (double)NAN;
    free(rr_ms);
    free(flags);
    free(ends_v);
    return fine ? 0 : kymo_fail(e, KYMO_ENOMEM, "no memory for %zu intervals", s->n_beats);
}

static int measure_spectrum(const struct nn_series *nn, struct hrv_spectra *spectra, struct hrv_values *out, struct kymo_err *e)
{
    const int rc = hrv_spectra_measure(spectra, nn, e);

    if (rc < 0)
        return rc;
    hrv_powers(&spectra->spectrum, &spectra->recipe->bands, &out->powers);
    for (size_t i = 0; i < spectra->recipe->n_extra; i++)
        out->extra_ms2[i] = hrv_band_power(&spectra->spectrum, spectra->recipe->extra[i]);
    return 0;
}

/* Intervals that a group takes: all pairs of them are looked at. */
static size_t most_nn(enum hrv_group group)
{
    switch (group) {
    case HRV_ENTROPY:
    case HRV_MULTISCALE: return HRV_ENTROPY_MAX;
    case HRV_FUZZY:
    case HRV_RECURRENCE:
    case HRV_CORRDIM: return HRV_PAIRS_MAX;
    default: return SIZE_MAX;
    }
}

/* Of one group, or of those that come with it. */
static int measure_group(enum hrv_group group, const struct hrv_stretch *s, const struct hrv_recipe *r,
                         struct hrv_spectra *spectra, struct hrv_values *out, struct kymo_err *e)
{
    const struct nn_series *const nn = &s->nn;

    switch (group) {
    case HRV_TIME: return hrv_time(nn, r->x_ms, &out->time, e);
    case HRV_SEGMENTS: hrv_segments(nn, SEGMENT_S, &out->segments); return 0;
    case HRV_GEOMETRY: return hrv_geometry(nn, &out->geometry, e);
    case HRV_FREQUENCY: return measure_spectrum(nn, spectra, out, e);
    case HRV_ULF: return hrv_spectra_ulf(spectra, nn, &out->ulf_ms2, e);
    case HRV_POINCARE:
    case HRV_ASYMMETRY: hrv_poincare(nn, &out->poincare); return 0;
    case HRV_FRAGMENTATION: hrv_fragment(nn, &out->fragment); return 0;
    case HRV_PRSA: return hrv_prsa(nn, &HRV_PRSA_USUAL, &out->prsa, e);
    case HRV_TURBULENCE: return measure_turbulence(s, &out->turbulence, e);
    case HRV_FRACTAL: return hrv_dfa(nn, &r->dfa, &out->dfa, e);
    case HRV_ENTROPY: return hrv_entropy(nn, &HRV_ENTROPY_USUAL, &out->entropy, e);
    case HRV_FUZZY: return hrv_fuzzy(nn, &HRV_ENTROPY_USUAL, FUZZY_POWER, &out->fuzzyen, e);
    case HRV_MULTISCALE: return hrv_multiscale(nn, &HRV_ENTROPY_USUAL, SCALES, &out->multiscale, e);
    case HRV_RECURRENCE: return hrv_recurrence(nn, &HRV_RECURRENCE_USUAL, &out->recurrence, e);
    case HRV_CORRDIM: return hrv_corrdim(nn, HRV_CORRDIM_M, &out->corrdim, e);
    default: return 0;
    }
}

int hrv_measure_stretch(const struct hrv_stretch *s, const struct hrv_recipe *recipe, struct hrv_spectra *spectra,
                        const bool *wanted, struct hrv_values *out, struct kymo_err *e)
{
    int rc = 0;

    for (int group = 0; rc == 0 && group < HRV_GROUPS; group++)
        if (wanted[group] && s->nn.n <= most_nn((enum hrv_group)group))
            rc = measure_group((enum hrv_group)group, s, recipe, spectra, out, e);
    return rc;
}

/* ---- what may be given ---- */

/* Seconds that it needs. */
static double least_s(const struct hrv_measure *m, const struct hrv_bands *bands)
{
    const struct hrv_band *const band[] = {
        [HRV_NEEDS_ULF] = &bands->ulf, [HRV_NEEDS_VLF] = &bands->vlf, [HRV_NEEDS_LF] = &bands->lf, [HRV_NEEDS_HF] = &bands->hf,
    };

    if (m->needs == HRV_NEEDS_VLF)
        return hrv_band_need((struct hrv_band){fmax(bands->vlf.lo_hz, 0.003), bands->vlf.hi_hz}).least_s;   /* kubios: from 0 */
    return m->needs == HRV_NO_BAND ? m->least_s : hrv_band_need(*band[m->needs]).least_s;
}

double hrv_value(const struct hrv_measure *m, const struct hrv_recipe *recipe, const struct hrv_values *v,
                 const struct hrv_span *w, enum hrv_reason *reason)
{
    const double value = *(const double *)((const char *)v + m->at);   /* of a group that was too long: not looked at */
    const bool force = recipe->force, limits = !force && !m->level;

    *reason = !force && w->n_nn < m->least_nn ? HRV_FEW
            : !force && w->length_s < ENOUGH * least_s(m, &recipe->spectra.bands) ? HRV_SHORT
            : limits && w->pct_excluded + w->pct_corrected > HRV_MOST_OTHERS_PCT ? HRV_ECTOPIC
            : limits && w->pct_covered < HRV_LEAST_COVERED_PCT ? HRV_GAPS
            : w->n_nn > most_nn(m->group) ? HRV_LONG
            : isfinite(value) ? HRV_GIVEN : HRV_UNDEFINED;
    return *reason == HRV_GIVEN ? value : (double)NAN;
}
