// SPDX-License-Identifier: MIT
// Traces: the three formats are read for what they say, and what is malformed is refused with its line.
#include "cmocka_setup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "trace.h"

#define VTRACE                                                                                               \
    "# vtrace 1\nt_ns,thread,op,id,usage,flags,host,size,type,format,w,h,d,mips,layers,samples,tiling\n"
#define VK                                                                                                   \
    "t_ns,tid,frame,op,obj,size,align,typebits,memtype,memory,offset,usage,flags,w,h,d,mips,layers,format,"  \
    "tiling,"                                                                                                \
    "samples,dedicated\n"
#define VMA                                                                                                  \
    "t_ns,tid,func,dur_ns,result,size,usage,kind,w,h,d,mips,layers,format,tiling,vma_flags,vma_usage,pool,"  \
    "alloc,"                                                                                                 \
    "memtype,offset,memory,mapped\n"

static struct CliTrace trace;
static struct CliTraceError error;

static bool parse(const char *text)
{
    return cli_trace_parse(text, strlen(text), &trace, &error);
}

static int forget(void **state)
{
    (void)state;
    cli_trace_finish(&trace);
    return 0;
}

static void a_buffer_and_an_image_are_read(void **state)
{
    (void)state;
    assert_true(parse("# title: A game\n" VTRACE "5,1,buf+,7,66,,seq,4096\n"
                      "9,4,img+,8,7,16,,,1,137,256,128,,9,6\n10,1,buf-,7\n10,4,img-,8\n"));
    assert_string_equal(trace.title, "A game");
    assert_int_equal(trace.resource_count, 2);
    assert_int_equal(trace.event_count, 4);
    assert_int_equal(trace.thread_count, 2);
    assert_false(trace.resources[0].is_image);
    assert_int_equal(trace.resources[0].size, 4096);
    assert_int_equal(trace.resources[0].usage, 66);
    assert_int_equal(trace.resources[0].host, CLI_HOST_SEQUENTIAL);
    assert_true(trace.resources[1].is_image);
    assert_int_equal(trace.resources[1].format, 137);
    assert_int_equal(trace.resources[1].height, 128);
    assert_int_equal(trace.resources[1].depth, 1);
    assert_int_equal(trace.resources[1].mips, 9);
    assert_int_equal(trace.resources[1].layers, 6);
    assert_int_equal(trace.resources[1].samples, 1);
    assert_int_equal(trace.events[3].time_ns, 10);
    assert_int_equal(trace.events[3].thread, 1);
    assert_true(trace.events[3].destroys);
}

static void columns_may_stand_in_any_order(void **state)
{
    (void)state;
    assert_true(parse("size,id,op,usage,thread,t_ns\r\n64,3,buf+,16,0,1\r\n,3,buf-,,0,2\r\n"));
    assert_int_equal(trace.resources[0].size, 64);
    assert_int_equal(trace.event_count, 2);
}

static void an_id_may_be_used_again_after_its_end(void **state)
{
    (void)state;
    assert_true(parse(VTRACE "1,0,buf+,1,1,,,8\n2,0,buf-,1\n3,0,buf+,1,1,,,16\n"));
    assert_int_equal(trace.resource_count, 2);
    assert_int_equal(trace.resources[1].size, 16);
}

static void a_mapped_staging_buffer_of_a_raw_recording_is_host_written(void **state)
{
    (void)state;
    assert_true(parse(VK "18446744073709488204,9,0,devcreate,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0\n"
                         "1,9,0,alloc,aa0,999,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0\n"
                         "2,9,0,buf+,b1,128,64,1,0,0,0,1,0,100,0,0,0,0,0,0,0,0\n"
                         "3,9,0,bindb,b1,0,0,0,0,aa0,0,0,0,0,0,0,0,0,0,0,0,0\n"
                         "4,9,0,buf+,b2,128,64,1,0,0,0,66,0,128,0,0,0,0,0,0,0,0\n"
                         "5,9,0,bindb,b2,0,0,0,0,aa0,128,0,0,0,0,0,0,0,0,0,0,0\n"
                         "6,9,0,map,aa0,128,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0\n"
                         "7,9,0,img+,c1,512,64,1,0,0,0,7,0,8,8,1,1,1,37,0,1,0\n"
                         "8,9,0,buf-,b1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0\n"));
    assert_string_equal(trace.format, "vk");
    assert_int_equal(trace.resource_count, 3);
    assert_int_equal(trace.resources[0].host, CLI_HOST_SEQUENTIAL);
    assert_int_equal(trace.resources[0].size, 100); // as created, not as the driver padded it
    assert_int_equal(trace.resources[1].host, CLI_HOST_NONE);
    assert_int_equal(trace.resources[2].width, 8);
    assert_int_equal(trace.event_count, 4);
    assert_int_equal(trace.ignored_rows, 1);
}

static void a_recording_of_the_allocator_tells_host_access(void **state)
{
    (void)state;
    assert_true(parse(VMA "1,5,vmaCreateBuffer,9,0,64,1,buffer,0,0,0,0,0,0,0,4,3,(nil),0x10,0,0,0x9,1\n"
                          "2,5,+alloc,0,0,64,0,alloc,0,0,0,0,0,0,0,0,0,(nil),0x10,0,0,0x9,1\n"
                          "3,5,vmaCreateBuffer,9,0,64,2,buffer,0,0,0,0,0,0,0,2048,7,(nil),0x20,0,0,0x9,1\n"
                          "4,6,vmaCreateImage,9,0,0,7,image,16,16,1,1,1,9,0,0,1,(nil),0x30,0,0,0x9,0\n"
                          "5,6,vmaCreateImage,9,-2,0,7,image,16,16,1,1,1,9,0,0,1,(nil),0x40,0,0,0x9,0\n"
                          "6,5,vmaDestroyBuffer,9,0,0,0,,0,0,0,0,0,0,0,0,0,(nil),0x10,-1,0,(nil),0\n"
                          "7,5,vmaDestroyBuffer,9,0,0,0,,0,0,0,0,0,0,0,0,0,(nil),(nil),-1,0,(nil),0\n"));
    assert_string_equal(trace.format, "vma");
    assert_int_equal(trace.resource_count, 3); // the image that failed is none
    assert_int_equal(trace.resources[0].host, CLI_HOST_SEQUENTIAL);
    assert_int_equal(trace.resources[1].host, CLI_HOST_RANDOM);
    assert_int_equal(trace.resources[2].host, CLI_HOST_NONE);
    assert_int_equal(trace.event_count, 4);
}

// Two threads: the handle's next owner is written before the destruction of the first.
static void rows_that_overtook_each_other_are_settled(void **state)
{
    (void)state;
    assert_true(parse(VMA "9,1,vmaCreateBuffer,9,0,64,1,buffer,0,0,0,0,0,0,0,4,3,(nil),0x10,0,0,0x9,1\n"
                          "8,2,vmaCreateBuffer,9,0,32,1,buffer,0,0,0,0,0,0,0,4,3,(nil),0x10,0,0,0x9,1\n"
                          "7,1,vmaDestroyBuffer,9,0,0,0,,0,0,0,0,0,0,0,0,0,(nil),0x10,-1,0,(nil),0\n"
                          "9,2,vmaDestroyBuffer,9,0,0,0,,0,0,0,0,0,0,0,0,0,(nil),0x10,-1,0,(nil),0\n"
                          "9,2,vmaDestroyBuffer,9,0,0,0,,0,0,0,0,0,0,0,0,0,(nil),0x77,-1,0,(nil),0\n"));
    assert_int_equal(trace.event_count, 4);
    assert_int_equal(trace.odd_rows, 2);
    assert_true(trace.events[1].destroys);
    assert_int_equal(trace.events[1].resource, 0);
    assert_int_equal(trace.events[3].resource, 1);
    assert_int_equal(trace.events[3].time_ns, 9); // time never falls
}

struct Malformed {
    const char *text;
    const char *message; // a part of it
};

static const struct Malformed malformed[] = {
    {"", "empty"},
    {"\n\n# only comments\n", "empty"},
    {"hello\n", "not a trace"},
    {"id,thread,op,usage,size\n", "no column 't_ns'"},
    {VTRACE, "creates no buffer and no image"},
    {VTRACE "1,0,buf+,1,1,,,0\n", "line 3: a buffer without a size"},
    {VTRACE "1,0,buf+,1,1\n", "line 3: a buffer without a size"},
    {VTRACE "1,0,buf+,1,1,,,12x\n", "column 'size': '12x' is not a number"},
    {VTRACE "1,0,buf+,1,1,,,-5\n", "column 'size': '-5' is not a number"},
    {VTRACE "1,0,buf+,1,1,,,99999999999999999999\n", "does not fit in 64 bits"},
    {VTRACE "1,0,buf+,1,4294967296,,,8\n", "column 'usage': '4294967296' is too large"},
    {VTRACE "1,0,buf+,1,1,,maybe,8\n", "none, seq or random"},
    {VTRACE "1,0,img+,1,7,,,,1,37\n", "an image without a width"},
    {VTRACE "1,0,img+,1,7,,,,1,37,0\n", "is too small"},
    {VTRACE "1,0,img+,1,7,,,,1,37,99999999\n", "is too large"},
    {VTRACE "1,0,img+,1,7,,,,3,37,8\n", "column 'type': '3' is too large"},
    {VTRACE "1,0,img+,1,7,,,,1,37,8,8,1,33\n", "column 'mips': '33' is too large"},
    {VTRACE "1,0,img+,1,7,,,,1,37,8,8,1,1,1,3\n", "3 samples: not a power of two"},
    {VTRACE "1,0,buf?,1,1,,,8\n", "buf+, buf-, img+ or img- is expected"},
    {VTRACE "1,0,buf-,1\n", "id 1 is not alive"},
    {VTRACE "1,0,buf+,1,1,,,8\n2,0,buf+,1,1,,,8\n", "line 4: id 1 is alive already"},
    {VTRACE "5,0,buf+,1,1,,,8\n4,0,buf-,1\n", "line 4: the time goes backwards"},
    {VTRACE "1,0,buf+,1,1,,,8,1,1,1,1,1,1,1,1,1,1\n", "18 fields, but the header names 17 columns"},
    {VTRACE "1,0,buf+,1,1,,,8\n2,0,bu", "line 4: column 'op'"}, // cut off in the middle
    {VK "1,1,0,buf+,zz,8,8,1,0,0,0,1,0,8,0,0,0,0,0,0,0,0\n", "column 'obj': 'zz' is not a handle"},
    {VK "1,1,0,buf+,11112222333344445,8,8,1,0,0,0,1,0,8,0,0,0,0,0,0,0,0\n", "is not a handle"},
    {VMA "1,5,vmaCreateBuffer,9,0,0,1,buffer,0,0,0,0,0,0,0,4,3,(nil),0x10,0,0,0x9,1\n", "is too small"},
};

static void what_is_malformed_is_refused_with_its_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
        if (parse(malformed[i].text) || !strstr(error.text, malformed[i].message)) {
            fail_msg("case %zu: '%s' has no '%s'", i, error.text, malformed[i].message);
        }
        assert_null(trace.events);
        assert_null(trace.resources);
    }
}

static void zero_bytes_are_no_text(void **state)
{
    static const char text[] = VTRACE "1,0,buf+,1,1,,,8\n\0\0";
    (void)state;
    assert_false(cli_trace_parse(text, sizeof(text), &trace, &error));
    assert_non_null(strstr(error.text, "line 4: a zero byte"));
}

static void too_many_columns_are_refused(void **state)
{
    char text[256] = "id";
    (void)state;
    for (int i = 0; i < 60; i++) {
        strcat(text, ",x");
    }
    assert_false(parse(text));
    assert_non_null(strstr(error.text, "more than 48 columns"));
}

// Whatever one byte of a good trace becomes, the parser answers and leaves nothing behind.
static void no_single_wrong_byte_breaks_the_parser(void **state)
{
    static const char good[] =
        VTRACE "1,0,buf+,1,1,,seq,8\n2,1,img+,2,7,,,,1,37,8,8\n3,0,buf-,1\n3,0,img-,2\n";
    static const char wrong[] = {'\n', ',', '#', '-', '9', 'x', '\r', (char)0xff, 0};
    char text[sizeof(good)];

    (void)state;
    for (size_t at = 0; at + 1 < sizeof(good); at++) {
        for (size_t w = 0; w < sizeof(wrong); w++) {
            memcpy(text, good, sizeof(good));
            text[at] = wrong[w];
            if (cli_trace_parse(text, sizeof(good) - 1, &trace, &error)) {
                assert_string_equal(error.text, "");
            } else {
                assert_true(error.text[0] != 0);
            }
            cli_trace_finish(&trace);
        }
        (void)cli_trace_parse(good, at, &trace, &error); // cut off
        cli_trace_finish(&trace);
    }
}

static void a_compressed_file_is_read_and_a_damaged_one_refused(void **state)
{
    static const char text[] = VTRACE "1,0,buf+,1,1,,,8\n2,0,buf-,1\n";
    const char *path = "test_trace.vtrace.csv.gz";
    unsigned char bytes[512];
    gzFile out = gzopen(path, "wb");
    FILE *file;
    size_t size;

    (void)state;
    assert_non_null(out);
    assert_int_equal(gzwrite(out, text, sizeof(text) - 1), (int)sizeof(text) - 1);
    gzclose(out);
    assert_true(cli_trace_load(path, &trace, &error));
    assert_int_equal(trace.event_count, 2);
    cli_trace_finish(&trace);

    file = fopen(path, "rb");
    size = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    file = fopen(path, "wb");
    fwrite(bytes, 1, size - 12, file); // cut off before the end
    fclose(file);
    assert_false(cli_trace_load(path, &trace, &error));
    assert_non_null(strstr(error.text, "compressed file ends early"));

    bytes[size - 6] ^= 0x5a; // a wrong checksum
    file = fopen(path, "wb");
    fwrite(bytes, 1, size, file);
    fclose(file);
    assert_false(cli_trace_load(path, &trace, &error));
    assert_non_null(strstr(error.text, "damaged"));
    remove(path);
    assert_false(cli_trace_load(path, &trace, &error));
    assert_non_null(strstr(error.text, "cannot be opened"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_buffer_and_an_image_are_read, forget),
        cmocka_unit_test_teardown(columns_may_stand_in_any_order, forget),
        cmocka_unit_test_teardown(an_id_may_be_used_again_after_its_end, forget),
        cmocka_unit_test_teardown(a_mapped_staging_buffer_of_a_raw_recording_is_host_written, forget),
        cmocka_unit_test_teardown(a_recording_of_the_allocator_tells_host_access, forget),
        cmocka_unit_test_teardown(rows_that_overtook_each_other_are_settled, forget),
        cmocka_unit_test_teardown(what_is_malformed_is_refused_with_its_line, forget),
        cmocka_unit_test_teardown(zero_bytes_are_no_text, forget),
        cmocka_unit_test_teardown(too_many_columns_are_refused, forget),
        cmocka_unit_test_teardown(no_single_wrong_byte_breaks_the_parser, forget),
        cmocka_unit_test_teardown(a_compressed_file_is_read_and_a_damaged_one_refused, forget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
