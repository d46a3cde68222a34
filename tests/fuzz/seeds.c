/* tests/fuzz/seeds.c - writes the first inputs of the corpora, all of them made here, into the folder it is given.
 *
 *     seeds DIR      makes DIR/kymo, DIR/edf and so on
 *
 * From these libFuzzer made the rest of testdata/fuzz, by "fuzz_NAME -merge=1 testdata/fuzz/NAME FOUND DIR/NAME". Links
 * with the unit tests' support.c. */
#include "tests/unit/support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void save(const char *dir, const char *target, const char *name, const void *p, size_t n)
{
    char path[512];

    snprintf(path, sizeof path, "%s/%s", dir, target);
    mkdir(dir, 0777);
    mkdir(path, 0777);
    snprintf(path, sizeof path, "%s/%s/%s", dir, target, name);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(p, 1, n, file) != n || fclose(file) != 0) {
        perror(path);
        exit(1);
    }
}

static void save_text(const char *dir, const char *target, const char *name, const char *text)
{
    save(dir, target, name, text, strlen(text));
}

/* A short stream with a signal of each storage, a gap, and events. */
static void save_stream(const char *dir)
{
    struct kymo_err e = {0};
    struct kymo_header h;
    struct kymo_block b;

    kymo_header_init(&h);
    for (int s = 0; s < KYMO_STORAGES; s++) {
        struct kymo_signal *sig = kymo_header_signal(&h, &e);
        sig->label = kymo_storage_name((enum kymo_storage)s);
        sig->storage = (enum kymo_storage)s;
        sig->rate = (struct kymo_ratio){4, 1 + s};
        sig->can_miss = s == 0;
    }
    kymo_header_add_track(&h, "atr", &e);
    kymo_block_init(&b, &h);
    struct kymo_output *out = kymo_output_memory(&e);
    struct kymo_writer *w = kymo_create(kymo_format_named("kymo"), out, &h, 0, &e);
    const struct kymo_event ev = {.time_ns = 5, .duration_ns = 7, .sample = KYMO_UNKNOWN, .signal = 1, .track = 0,
                                  .type = "N", .value = (double)NAN, .text = "(AFIB"};
    for (int k = 0; k < 2; k++) {
        kymo_block_clear(&b);
        for (size_t s = 0; s < h.n_signals; s++) {
            kymo_block_reserve(&b, s, 3, &e);
            b.span[s].n = 3;
            b.span[s].first = b.span[s].segment_first = k * 5;
            for (int i = 0; i < 3; i++)
                b.span[s].digital[i] = i, b.span[s].physical[i] = i;
        }
        b.new_segment = k > 0;
        b.segment_ns = k * 5 * KYMO_NS_PER_S;
        kymo_block_event(&b, &ev, &e);
        kymo_write(w, &b, &e);
    }
    kymo_write_finish(w, &e);
    size_t n;
    const unsigned char *p = kymo_output_bytes(out, &n);
    save(dir, "kymo", "all-storages", p, n);
    kymo_writer_destroy(w);
    kymo_output_destroy(out);
    kymo_block_release(&b);
    kymo_header_release(&h);
}

static void save_edf(const char *dir, bool bdf, const char *name, const char *reserved, const char *records,
                     const char *duration, const char *const *tals, size_t n_records)
{
    const struct edf_column columns[] = {
        {.label = "ECG", .samples = "4"}, {.label = bdf ? "BDF Annotations" : "EDF Annotations", .samples = "20"},
    };
    const struct edf_spec spec = {.bdf = bdf, .reserved = reserved, .records = records, .duration = duration,
                                  .n = tals ? 2 : 1, .column = columns};
    const size_t width = bdf ? 3 : 2;
    struct bytes b = {0};

    put_edf_header(&b, &spec);
    for (size_t k = 0; k < n_records; k++) {
        for (uint64_t i = 0; i < 4; i++)
            put_le(&b, 1000 * k + i, width);
        if (tals)
            put_tals(&b, tals[k], 20 * width);
    }
    save(dir, bdf ? "bdf" : "edf", name, b.p, b.n);
    bytes_free(&b);
}

static void save_edfs(const char *dir, bool bdf)
{
    static const char *const whole[] = {"+0.5||~+0.7^2|apnea|~", "+1.5||~+1|a|b|~"};
    static const char *const gap[] = {"+0||~", "+9.25||~"};
    static const char *const padded[] = {"+0||~+0.75^1|%padding|~+0|V{sub=1}|~", "+9.5||~+9.5^0.3|%padding|~+9|%note N|~"};

    save_edf(dir, bdf, "plain", NULL, "2", "1", NULL, 2);
    save_edf(dir, bdf, "unknown-length", NULL, "-1", "0.5", NULL, 3);
    save_edf(dir, bdf, "annotations", bdf ? "BDF+C" : "EDF+C", "2", "1", whole, 2);
    save_edf(dir, bdf, "gap", bdf ? "BDF+D" : "EDF+D", "2", "1", gap, 2);
    save_edf(dir, bdf, "padded", bdf ? "BDF+D kymo padded" : "EDF+D kymo padded", "2", "1", padded, 2);
    save_edf(dir, bdf, "padded-end", bdf ? "BDF+C kymo padded" : "EDF+C kymo padded", "2", "1", padded, 2);
}

static void save_annotations(const char *dir)
{
    static const unsigned char bytes[] = {
        0x00, 0x58, 22, 0xfc, '#', '#', ' ', 't', 'i', 'm', 'e', ' ', 'r', 'e', 's', 'o', 'l', 'u', 't', 'i', 'o', 'n',
        ':', ' ', '5', '0', 10, 0x04, 0x00, 0xec, 1, 0, 5, 0, 3, 0x14, 2, 0xf4, 1, 0xf0, 3, 0xf8,
        6, 0x70, 5, 0xfc, '(', 'A', 'F', 'I', 'B', 0, 0, 0,
    };

    save(dir, "wfdb_annot", "all-kinds", bytes, sizeof bytes);
}

static void save_signals(const char *dir)
{
    static const unsigned char bytes[] = {1, 0, 0, 0, 1, 0x32, 4, 0xff, 0xf7, 0x7f, 0, 0x80, 0, 5, 6, 7, 8, 9, 10};
    unsigned char copy[sizeof bytes];

    for (unsigned char shape = 0; shape < 26; shape++) {
        char name[32];
        memcpy(copy, bytes, sizeof bytes);
        copy[0] = copy[1] = copy[2] = shape;
        snprintf(name, sizeof name, "shape-%d", shape);
        save(dir, "wfdb_signal", name, copy, sizeof copy);
    }
}

/* Tables of samples; the first byte tells whether the rate is told. */
static void save_tables(const char *dir)
{
    static const struct {
        const char *name, *text;
    } tables[] = {
        {"written", "0time_s,II [mV],V5 [mV]\n0,-0.145,1\n0.004,,2\n0.008,0.2,NaN\n1.5,1,2\n1.504,1,2\n"},
        {"semicolons", "0t;x;\"a \"\"b\"\"\"\r\n0;1e3;-\r\n1; 2 ;\"3\"\r\n2;.5;5.\r\n"},
        {"rdsamp", "0'Elapsed time','MLII','V5'\n'hh:mm:ss.mmm','mV','mV'\n'0:00.000',-0.145,-0.065\n"
                   "'0:00.003',-0.145,-0.065\n'0:00.006',1,2\n"},
        {"numbers", "1'sample #','MLII'\n'','mV'\n0,1\n1,2\n7,3\n"},
        {"dates", "0timestamp\tglucose (mg/dL)\tnote\n2020-02-28 23:55:00\t100\tlow\n2020-02-29T00:00:00\t101\t\n"
                  "2020-02-29 00:05:00Z\t102\t"},
        {"unix-jitter", "0timestamp_ms,x\n1600000000000,1\n1600000000004,2\n1600000000008.5,3\n1600000000012,3\n"},
        {"one-column", "1a\n1\n2\n3"},
        {"bom-comment", "0\xef\xbb\xbf# comment\n\ntime_us,ABP_mmHg,\n0,80,\n4000,81,\n8000,82,\n"},
        {"milliseconds-gap", "0t,x\n0,1\n0.003,2\n0.006,3\n0.008,4\n0.011,5\n0.014,6\n0.017,7\n2.000,8\n2.003,9\n"},
        {"events", "0time_s,sample,signal,type\n1,2,,N\n"},
    };

    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        save_text(dir, "csv", tables[i].name, tables[i].text);
}

/* Lists of intervals. */
static void save_lists(const char *dir)
{
    static const char *const lists[] = {
        "812\n800\n790\n", "# s\n0.812\n0.8\n", "0.8\t0.8\n1.6\t0.8\n2.45\t0.85\n4.1 \t0.83\n4.9\t0.8\n", "800 0\n810 800\n700 1610\n",
        "time_s,rr_ms\n0.8,800\n1.6,800\n2.4,800\n", "\xef\xbb\xbfRR (s)\n0,8\n0,9\n",
        "Phone timestamp;RR-interval [ms]\n2024-05-01T10:00:00.100;812\n2024-05-01T10:00:00.900;800\n2024-05-01T10:00:09.900;790\n",
        "[Params]\nInterval=238\n[HRData]\n800\n810\n[Trip]\n0\n", "[Params]\nInterval=5\n[HRData]\n80\n",
    };

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        char name[32];
        snprintf(name, sizeof name, "list-%zu", i);
        save_text(dir, "rr", name, lists[i]);
    }
}

/* What wearables give out; the first byte says what the file is called: 'D' the first of fuzz_device.c's names. */
static void save_devices(const char *dir)
{
    static const struct {
        const char *name, *text;
    } files[] = {
        {"apple", "DName,A B\nDate of Birth,\"Feb 5, 1961\"\nRecorded Date,2031-05-08 07:21:39 -0700\nClassification,Sinus Rhythm\n"
                  "Symptoms,\"a, b\"\nSoftware Version,2\nDevice,\"W9,1\"\nSample Rate,512.25 hertz\n\nLead,Lead I\nUnit,\u00b5V\n\n"
                  "-1.5\n2\n\"3,5\"\n"},
        {"apple-pt", "DNome,A\nNascimento,1961\nData,2031-05-08 07:21:39 +0100\nC,r\nS,n\nV,2\nD,w\nT,\"512,25 hertz\"\nD,Derivação I\n"
                     "U,mV\n-1,5\n2,5\n"},
        {"o2ring", "DTime,SpO2(%),Pulse Rate(bpm),Motion,SpO2 Reminder,PR Reminder,\r\n\"11:59:58PM May 08, 2031\",97,60,0,0,0,\r\n"
                   "\"12:00:02AM May 09, 2031\",--,--,3,1,0,\r\n\"12:01:02AM May 09, 2031\",90,61,3,0,0,\r\n"},
        {"vihealth", "DTime,Oxygen Level,Pulse Rate,Motion\n02:59:56 05/06/2031,97,60,0\n02:00:00 05/06/2031,97,60,0\n"
                     "02:00:00 05/06/2031,96,60,0\n02:00:04 05/06/2031,97,60,0\n"},
        {"dexcom", "D\xef\xbb\xbf\"Index\",\"Timestamp (YYYY-MM-DDThh:mm:ss)\",\"Event Type\",\"Event Subtype\",\"Patient Info\","
                   "\"Device Info\",\"Glucose Value (mg/dL)\",\"Transmitter ID\"\r\n1,,FirstName,,A,,\r\n2,,DateOfBirth,,1961-02-05,,\r\n"
                   "3,,Alert,Low,,,70\r\n4,2031-05-08T20:00:13,EGV,,,G6,110,8T\r\n5,2031-05-08T20:05:14,EGV,,,G6,Low,8T\r\n"
                   "6,2031-05-08T20:06:00,Carbs,,,,45\r\n7,2031-05-08T20:10:12,EGV,,,G6,120,8T\r\n8,2031-05-08T22:10:12,EGV,,,G6,99,8T"},
        {"libre", "DGlucose Data,Generated on,05-09-2031 11:00 AM UTC,Generated by,A B\nDevice,Serial Number,Device Timestamp,Record Type,"
                  "Historic Glucose mmol/L,Scan Glucose mmol/L,Notes\nL,1,05-08-2031 11:45 PM,0,\"5,5\",,\nL,1,05-09-2031 12:00 AM,0,6.0,,\n"
                  "L,2,05-08-2031 11:50 PM,1,,5.7,\nL,1,05-08-2031 11:45 PM,6,,,walk\n"},
        {"acc", "D1935991299.00, 1935991299.00, 1935991299.00\n32.0, 32.0, 32.0\n1,2,3\n-64,0,64\n"},
        {"bvp", "D1935991299.00\n64.0\n-0.5\n1.25\n\n3"}, {"eda", "E1935991299.00\n4.0\n0.1\n"},
        {"tags", "G1935991299.25\n1935991311.50\n"}, {"ibi", "D1935991299.0, IBI\n3.4375,0.84375\n4.265625,0.828125\n9,0.9\n"},
        {"nvision", "D\"nVision=3,0\"\r\n\"Ada\"\r\n\"Example\"\r\n\"\"\r\n\"Dr\"\r\n\"170\"\r\n\"65\"\r\n\"A-17\"\r\n\"1961-02-05\"\r\n\"70\"\r\n"
                    "\"2\"\r\n1,2031,5,8,23,59,58,61,97\r\n2,2031,5,9,0,0,2,63,96\r\n3,2031,5,9,0,0,6,0,0\r\n"},
        {"lifesense", "DDate,Time,SpO2,PR,PulseOx_Status,EtCO2,RR,LAL_SpO2\r\n05/08/2031,23:59:59,97,60,0,38,14,85\r\n"
                      "05/09/2031,00:00:00,,,1,38,14,85\r\n"},
        {"nonin", "D\r\nSPO2=097 HR=072\r\nSPO2=--- HR=---*\r\nSPO2=096 HR=070 F\r\n"},
    };

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char text[2048];
        const int n = snprintf(text, sizeof text, "%s", files[i].text);
        text[0] = (char)(text[0] - 'D');   /* 0 on */
        save(dir, "device", files[i].name, text, (size_t)n);
    }
}

static void save_expressions(const char *dir)
{
    static const char *const texts[] = {
        "III = II - I", "avg = mean(V1..V3, -I) * 1000 [uV]", "aVR = -(I + II)/2", "x = clip(abs(V1), .5, 1e1) / sqrt(#2)",
        "\"a \"\"b\"\"\" = max(\"ECG II\", min(#0..#3)) - sum(i) [ ]", "x = I / (2 - 2)", "x = (((I", "x = mean(V3..V1)",
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char name[32];
        snprintf(name, sizeof name, "expression-%zu", i);
        save_text(dir, "expression", name, texts[i]);
    }
}

static void save_rules(const char *dir)
{
    static const char *const texts[] = {
        "hr > 120 for 10s", "spo2 <= 88 % for 1.5min hysteresis 2 clear 500ms refractory 1 h priority high as desat",
        "no data of \"II \"\"a\"\"\" for 30", "event + (AFIB priority low", "asystole", "x >= -2.5 for 25h",
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char name[32];
        snprintf(name, sizeof name, "rule-%zu", i);
        save_text(dir, "alarm_rule", name, texts[i]);
    }
}

/* Tables read whole. */
static void save_columns(const char *dir)
{
    static const char *const tables[] = {
        "record,n,x_ms,note\na,1,2.5,\nb,2,,\"few, \"\"short\"\"\"\n", "record;age;sex\r\n1;54,5;F\r\n\r\n2;-;M", "a\tb\n1\t2\n",
        "\xef\xbb\xbf# made\n,\"b\nc\"\n 1 , x y \n",
    };

    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        char name[32];
        snprintf(name, sizeof name, "table-%zu", i);
        save_text(dir, "columns", name, tables[i]);
    }
}

static void save_identities(const char *dir)
{
    static const char *const texts[] = {
        "MCH-0234567\nHaagse Harry\nF\n02-MAY-1921\nStartdate 02-MAR-2002 EMG561 BK/JOP Sony\n11748\n<age>: 93 <sex>: F\nECG Harry\n"
        "AgAgCl electrode\nsubject: MCH-0234567\n",
        "\n\n\n\n\n\nname: Doe\nDoe\ntrans 4711\nbirth: 02-MAY-1951\nII\nHP:0.1Hz LP:75Hz\nrecording: deidentified\nI\n\nhistory: kymo 0.1.0 deid",
        "X X X X\n\nmale\n31-FEB-2000\ndeidentified, dates moved\n-5000\nage: 1e3\nQwertzuiop\nQwertzuiop belt\n",
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char name[32];
        snprintf(name, sizeof name, "identity-%zu", i);
        save_text(dir, "identity", name, texts[i]);
    }
}

int main(int argc, char **argv)
{
    const char *dir = argc == 2 ? argv[1] : "";

    if (!*dir)
        return 2;
    save_stream(dir);
    save_edfs(dir, false);
    save_edfs(dir, true);
    save_annotations(dir);
    save_signals(dir);
    save_tables(dir);
    save_lists(dir);
    save_devices(dir);
    save_expressions(dir);
    save_rules(dir);
    save_columns(dir);
    save_identities(dir);
    save_text(dir, "wfdb_header", "usual", "100 2 360 650000 1:02:03.5 04/05/2006\n100.dat 212 200 11 1024 995 -22131 0 MLII\n"
              "100.dat 212 200 11 1024 1011 20052 0 V5\n# 69 M 1085 1629 x1\n");
    save_text(dir, "wfdb_header", "all-fields", "x/2 1 360/1(0) 10\nx.dat 16x2:3+4 200.5(-10)/uV 12 0 1 2 0 a b c\n");
    save_text(dir, "wfdb_header", "least", "# first\nx 1\nx.dat 16\n");
    save(dir, "hdf5", "own", "", 1);          /* its first byte tells which form, what follows deviates from the usual */
    save(dir, "hdf5", "old", "\1", 1);
    save(dir, "hdf5", "foreign", "\3", 1);
    save_text(dir, "sums", "sums", "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF  x/100.dat\n"
              "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100 *./100.hea\r\n");
    save_text(dir, "sums", "names", "100\nx/101\np00/p000020/\n../up\n");
    save_text(dir, "events", "csv",
              ",sample,signal,type,duration_s,value,text\n1.5,540,ECG,N,,0.5,\n2,,,+,3.25,,\"a \"\"b\"\", c\"\n");
    save_text(dir, "events", "tsv", "\ttype\ttext\n-0.25\t\"\"\"\"\tnote\n1:2\tV\t\n");
    save_text(dir, "events", "error", ",type,text\n1,error,broken\n");
    return 0;
}
