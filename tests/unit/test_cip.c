/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "enip_world.h"

#include "dissectors/cip_names.h"
#include "dissectors/cip_path.h"

/* One unconnected message, its answer, and all that is reported, with names cut short. */
struct exchange {
	const char *request, *answer, *log;
};

static const struct exchange exchanges[] = {
	/* Paths. */
	{ "0e 03 2001 2401 3007", "8e 00 00 00 03414243",
	  "identify success function=get_attribute_single service=14 class=1 "
	  "class_name=identity instance=1 attribute=7 item.address=0x01/1/7 target=identity "
	  "0x01/1/7 "
	  "attribute_name=product_name status=0 identity.product_name=ABC\n" },
	{ "0e 02 2001 2400", "8e 00 00 00 0100",
	  "identify success function=get_attribute_single service=14 class=1 "
	  "class_name=identity instance=0 item.address=0x01/0 target=identity 0x01/0 status=0 "
	  "item.data=0100\n" },
	{ "0e 03 2001 2400 3003", "8e 00 00 00 0500",
	  "identify success function=get_attribute_single service=14 class=1 "
	  "class_name=identity instance=0 attribute=3 item.address=0x01/0/3 target=identity "
	  "0x01/0/3 "
	  "attribute_name=number_of_instances status=0 object.instances=5\n" },
	{ "0e 06 2100 9301 2500 1027 3100 2c01", "8e 00 00 00",
	  "read success function=get_attribute_single service=14 class=403 "
	  "instance=10000 attribute=300 item.address=0x193/10000/300 status=0\n" },
	{ "0e 09 2200 01000100 2600 70110100 3200 05000000", "8e 00 05 00",
	  "read failure function=get_attribute_single service=14 class=65537 "
	  "instance=70000 attribute=5 item.address=0x10001/70000/5 status=5 "
	  "status_name=path_destination_unknown\n" },
	{ "0e 04 208e 2401 2074 2401", "8e 00 00 00 01",
	  "read success function=get_attribute_single service=14 class=116 "
	  "class_name=edit_lock outer_class=142 instance=1 "
	  "item.address=0x8e/1/0x74/1 status=0 item.data=01\n" },
	{ "0e 08 9104 4d61696e 9105 4c6576656c00 2803", "8e 00 00 00",
	  "diagnose success function=get_attribute_single service=14 symbol=true "
	  "item.address=Main.Level[3] target=Main.Level[3] status=0\n" },
	{ "0e 07 9104 44617461 2801 2900 0203 2802", "8e 00 00 00",
	  "diagnose success function=get_attribute_single service=14 symbol=true "
	  "item.address=Data[1,770,2] target=Data[1,770,2] status=0\n" },
	{ "0e 04 2004 2401 2c64 2c65", "8e 00 00 00",
	  "read success function=get_attribute_single service=14 class=4 "
	  "class_name=assembly instance=1 item.address=0x04/1/cp100/cp101 "
	  "status=0\n" },
	{ "0e 03 64 41424344 00", "8e 00 00 00",
	  "diagnose success function=get_attribute_single service=14 symbol=true "
	  "item.address=ABCD target=ABCD status=0\n" },
	{ "0e 03 60 22 4142 4344", "8e 00 00 00",
	  "diagnose success function=get_attribute_single service=14 symbol=true "
	  "item.address=ABCD target=ABCD status=0\n" },
	{ "0e 02 60 c7 3412", "8e 00 00 00",
	  "read success function=get_attribute_single service=14 "
	  "item.address=#4660 status=0\n" },
	{ "0e 02 3c 01 05 00", "8e 00 00 00",
	  "read success function=get_attribute_single service=14 item.address=[5] "
	  "status=0\n" },
	{ "0e 04 50 01 0102 43 0a 2001", "8e 00 00 00",
	  "identify success function=get_attribute_single service=14 class=1 "
	  "class_name=identity item.address=0x01 target=identity 0x01 status=0\n" },
	{ "0e 02 380e 2001", "8e 00 00 00",
	  "identify success function=get_attribute_single service=14 class=1 "
	  "class_name=identity item.address=/service 14/0x01 target=identity /service 14/0x01 "
	  "status=0\n" },
	/* Paths that are wrong. */
	{ "0e 01 e001", "8e 00 04 01 0000",
	  "read failure malformed function=get_attribute_single service=14 "
	  "malformed=reserved_segment status=4 status_name=path_segment_error "
	  "extended_status=0\n" },
	{ "0e 09 2001", "8e 00 26 00",
	  "read failure malformed function=get_attribute_single service=14 "
	  "malformed=path_length status=38 status_name=path_size_invalid\n" },
	{ "0e 01 2500", "8e 00 26 00",
	  "read failure malformed function=get_attribute_single service=14 "
	  "malformed=path_length status=38 status_name=path_size_invalid\n" },
	{ "0e 01 9109", "8e 00 26 00",
	  "diagnose failure malformed function=get_attribute_single service=14 "
	  "symbol=true malformed=path_length status=38 "
	  "status_name=path_size_invalid\n" },
	{ "0e 01 2f00", "8e 00 04 00",
	  "read failure malformed function=get_attribute_single service=14 "
	  "malformed=logical_segment status=4 status_name=path_segment_error\n" },
	{ "0e 01 3409", "8e 00 04 00",
	  "read failure malformed function=get_attribute_single service=14 "
	  "malformed=electronic_key status=4 status_name=path_segment_error\n" },
	{ "0e 01 1000", "8e 00 04 00",
	  "read failure malformed function=get_attribute_single service=14 "
	  "malformed=port_segment status=4 status_name=path_segment_error\n" },
	{ "0e 01 6000", "8e 00 04 00",
	  "read failure malformed function=get_attribute_single service=14 "
	  "malformed=symbolic_segment status=4 status_name=path_segment_error\n" },
	{ "0e 01 8500", "8e 00 04 00",
	  "read failure malformed function=get_attribute_single service=14 "
	  "malformed=data_segment status=4 status_name=path_segment_error\n" },
	/* Services and attributes. */
	{ "01 02 2006 2401", "81 00 00 00 0102",
	  "read success function=get_attributes_all service=1 class=6 "
	  "class_name=connection_manager instance=1 item.address=0x06/1 status=0 "
	  "answer_bytes=2 answer_data=0102\n" },
	{ "01 02 2006 2400", "81 00 00 00 0100 0100",
	  "read success function=get_attributes_all service=1 class=6 "
	  "class_name=connection_manager instance=0 item.address=0x06/0 status=0 "
	  "object.revision=1 object.max_instance=1\n" },
	{ "02 02 2004 2401 0102", "82 00 00 00",
	  "write request - unknown function=set_attributes_all service=2 class=4 "
	  "class_name=assembly instance=1 item.address=0x04/1 target=assembly "
	  "0x04/1 data_bytes=2 data=0102\n"
	  "write success function=set_attributes_all service=2 class=4 "
	  "class_name=assembly instance=1 item.address=0x04/1 target=assembly "
	  "0x04/1 data_bytes=2 data=0102 status=0\n" },
	{ "03 02 2006 2401 0200 0100 0700", "83 00 00 00 0200 0100 0000 1100 0700 1400",
	  "read success function=get_attribute_list service=3 class=6 "
	  "class_name=connection_manager instance=1 item.address=0x06/1 "
	  "attributes=1,7 status=0 item.value=17 attribute_status=0,20\n" },
	{ "03 02 2006 2401 0200 0100", "83 00 1c 00",
	  "read failure function=get_attribute_list service=3 class=6 "
	  "class_name=connection_manager instance=1 item.address=0x06/1 "
	  "attributes=1 status=28 status_name=missing_attribute_list_entry\n" },
	{ "03 02 2093 2401 0100 0100", "83 00 00 00 0100 0100 0000 2a000000",
	  "read success function=get_attribute_list service=3 class=147 "
	  "instance=1 item.address=0x93/1 attributes=1 status=0 answer_bytes=4 "
	  "answer_data=2a000000\n" },
	{ "04 02 2093 2401 0100 0100 0500", "84 00 00 00 0100 0100 0000",
	  "write request - unknown function=set_attribute_list service=4 "
	  "class=147 instance=1 item.address=0x93/1 target=0x93/1 attributes=1 "
	  "data_bytes=2 data=0500\n"
	  "write success function=set_attribute_list service=4 class=147 "
	  "instance=1 item.address=0x93/1 target=0x93/1 attributes=1 data_bytes=2 "
	  "data=0500 status=0\n" },
	{ "05 02 2093 2401", "85 00 00 00",
	  "control request - unknown function=reset service=5 class=147 "
	  "instance=1 item.address=0x93/1 target=0x93/1\n"
	  "control success function=reset service=5 class=147 instance=1 "
	  "item.address=0x93/1 target=0x93/1 status=0\n" },
	{ "06 02 2093 2401", "86 00 0c 00",
	  "start request - unknown function=start service=6 class=147 instance=1 "
	  "item.address=0x93/1 target=0x93/1\n"
	  "start failure function=start service=6 class=147 instance=1 "
	  "item.address=0x93/1 target=0x93/1 status=12 "
	  "status_name=object_state_conflict\n" },
	{ "07 02 2093 2401", "87 00 00 00",
	  "stop request - unknown function=stop service=7 class=147 instance=1 "
	  "item.address=0x93/1 target=0x93/1\n"
	  "stop success function=stop service=7 class=147 instance=1 "
	  "item.address=0x93/1 target=0x93/1 status=0\n" },
	{ "08 02 2093 2400", "88 00 00 00 0500",
	  "config_write request - unknown function=create service=8 class=147 "
	  "instance=0 item.address=0x93/0 target=0x93/0\n"
	  "config_write success function=create service=8 class=147 instance=0 "
	  "item.address=0x93/0 target=0x93/0 status=0 answer_bytes=2 "
	  "answer_data=0500\n" },
	{ "09 02 2093 2405", "89 00 00 00",
	  "config_write request - unknown function=delete service=9 class=147 "
	  "instance=5 item.address=0x93/5 target=0x93/5\n"
	  "config_write success function=delete service=9 class=147 instance=5 "
	  "item.address=0x93/5 target=0x93/5 status=0\n" },
	{ "0d 02 2093 2401", "8d 00 00 00",
	  "config_write request - unknown function=apply_attributes service=13 "
	  "class=147 instance=1 item.address=0x93/1 target=0x93/1\n"
	  "config_write success function=apply_attributes service=13 class=147 "
	  "instance=1 item.address=0x93/1 target=0x93/1 status=0\n" },
	{ "0e 03 2006 2401 3001", "8e 00 00 00 05",
	  "read success malformed function=get_attribute_single service=14 "
	  "class=6 class_name=connection_manager instance=1 attribute=1 "
	  "item.address=0x06/1/1 attribute_name=open_requests status=0 "
	  "malformed=attribute_length\n" },
	{ "10 03 2004 2464 3003 01020304", "90 00 00 00",
	  "write request - unknown function=set_attribute_single service=16 "
	  "class=4 class_name=assembly instance=100 attribute=3 "
	  "item.address=0x04/100/3 target=assembly 0x04/100/3 attribute_name=data "
	  "item.data=01020304\n"
	  "write success function=set_attribute_single service=16 class=4 "
	  "class_name=assembly instance=100 attribute=3 item.address=0x04/100/3 "
	  "target=assembly 0x04/100/3 attribute_name=data item.data=01020304 "
	  "status=0\n" },
	{ "10 03 2006 2401 3001 0500", "90 00 0e 00",
	  "write request - unknown function=set_attribute_single service=16 "
	  "class=6 class_name=connection_manager instance=1 attribute=1 "
	  "item.address=0x06/1/1 target=connection_manager 0x06/1/1 "
	  "attribute_name=open_requests item.value=5\n"
	  "write failure function=set_attribute_single service=16 class=6 "
	  "class_name=connection_manager instance=1 attribute=1 "
	  "item.address=0x06/1/1 target=connection_manager 0x06/1/1 "
	  "attribute_name=open_requests item.value=5 status=14 "
	  "status_name=attribute_not_settable\n" },
	{ "11 02 2001 2400", "91 00 00 00 01 0100",
	  "read success function=find_next_object_instance service=17 class=1 "
	  "class_name=identity instance=0 item.address=0x01/0 status=0 "
	  "answer_bytes=3 answer_data=010100\n" },
	{ "15 02 2093 2401", "95 00 00 00",
	  "config_write request - unknown function=restore service=21 class=147 "
	  "instance=1 item.address=0x93/1 target=0x93/1\n"
	  "config_write success function=restore service=21 class=147 instance=1 "
	  "item.address=0x93/1 target=0x93/1 status=0\n" },
	{ "16 02 2093 2401", "96 00 00 00",
	  "config_write request - unknown function=save service=22 class=147 "
	  "instance=1 item.address=0x93/1 target=0x93/1\n"
	  "config_write success function=save service=22 class=147 instance=1 "
	  "item.address=0x93/1 target=0x93/1 status=0\n" },
	{ "17 02 2093 2401", "97 00 00 00",
	  "diagnose success function=no_operation service=23 class=147 instance=1 "
	  "item.address=0x93/1 target=0x93/1 status=0\n" },
	{ "18 04 2093 2401 3001 2805", "98 00 00 00 07",
	  "read success function=get_member service=24 class=147 instance=1 "
	  "attribute=1 item.address=0x93/1/1[5] status=0 answer_bytes=1 "
	  "answer_data=07\n" },
	{ "19 04 2093 2401 3001 2805 07", "99 00 00 00",
	  "write request - unknown function=set_member service=25 class=147 "
	  "instance=1 attribute=1 item.address=0x93/1/1[5] target=0x93/1/1[5] "
	  "data_bytes=1 data=07\n"
	  "write success function=set_member service=25 class=147 instance=1 "
	  "attribute=1 item.address=0x93/1/1[5] target=0x93/1/1[5] data_bytes=1 "
	  "data=07 status=0\n" },
	{ "1a 02 2093 2401", "9a 00 00 00",
	  "write request - unknown function=insert_member service=26 class=147 "
	  "instance=1 item.address=0x93/1 target=0x93/1\n"
	  "write success function=insert_member service=26 class=147 instance=1 "
	  "item.address=0x93/1 target=0x93/1 status=0\n" },
	{ "1b 02 2093 2401", "9b 00 00 00",
	  "write request - unknown function=remove_member service=27 class=147 "
	  "instance=1 item.address=0x93/1 target=0x93/1\n"
	  "write success function=remove_member service=27 class=147 instance=1 "
	  "item.address=0x93/1 target=0x93/1 status=0\n" },
	{ "1c 02 2043 2401", "9c 00 00 00",
	  "diagnose success function=group_sync service=28 class=67 "
	  "class_name=time_sync instance=1 item.address=0x43/1 target=time_sync 0x43/1 "
	  "status=0\n" },
	{ "1f 02 2093 2401 01", "9f 00 08 00",
	  "unknown request - unknown function=unknown service=31 class=147 "
	  "instance=1 item.address=0x93/1 target=0x93/1 data_bytes=1 data=01\n"
	  "unknown failure function=unknown service=31 class=147 instance=1 "
	  "item.address=0x93/1 target=0x93/1 data_bytes=1 data=01 status=8 "
	  "status_name=service_not_supported\n" },
	{ "65 02 2093 2401", "e5 00 00 00",
	  "unknown request - unknown function=unknown service=101 class=147 "
	  "instance=1 item.address=0x93/1 target=0x93/1\n"
	  "unknown success function=unknown service=101 class=147 instance=1 "
	  "item.address=0x93/1 target=0x93/1 status=0\n" },
	{ "0e 02 2001 2401", "8e 00 ff 02 0102 0304",
	  "identify failure function=get_attribute_single service=14 class=1 "
	  "class_name=identity instance=1 item.address=0x01/1 target=identity 0x01/1 status=255 "
	  "status_name=general_error extended_status=513 "
	  "extended_status_name=unknown\n" },
	{ "0e 02 2001 2401", "8e 00 01 01 0402",
	  "identify failure function=get_attribute_single service=14 class=1 "
	  "class_name=identity instance=1 item.address=0x01/1 target=identity 0x01/1 status=1 "
	  "status_name=connection_failure extended_status=516 "
	  "extended_status_name=unconnected_request_timed_out\n" },
	{ "0e 02 2001 2401", "8e 00 01 01 ffff",
	  "identify failure function=get_attribute_single service=14 class=1 "
	  "class_name=identity instance=1 item.address=0x01/1 target=identity 0x01/1 status=1 "
	  "status_name=connection_failure extended_status=65535 "
	  "extended_status_name=unknown\n" },
	{ "0e 02 2001 2401", "8e 00 ff 01 0521",
	  "identify failure function=get_attribute_single service=14 class=1 "
	  "class_name=identity instance=1 item.address=0x01/1 target=identity 0x01/1 status=255 "
	  "status_name=general_error extended_status=8453 "
	  "extended_status_name=access_beyond_end\n" },
	{ "0e 02 2001 2401", "8e 00 01 05 0402",
	  "identify unknown malformed function=get_attribute_single service=14 "
	  "class=1 class_name=identity instance=1 item.address=0x01/1 target=identity 0x01/1 "
	  "status=1 "
	  "status_name=connection_failure malformed=reply_length\n" },
	{ "0e 02 2001 2401", "8e 00",
	  "identify unknown malformed function=get_attribute_single service=14 "
	  "class=1 class_name=identity instance=1 item.address=0x01/1 target=identity 0x01/1 "
	  "status=0 "
	  "malformed=reply_length\n" },
	/* The Connection Manager. */
	{ "54 02 2006 2401 079d 00000000 04030201 1100 0100 44332211 03 000000 a0860100 0a48 "
	  "a0860100 0e28 01 06 3404 0100 0c00 6c00 8601 2004",
	  "d4 00 00 00 01000000 04030201 1100 0100 44332211 a0860100 a0860100 00 00",
	  "session success function=forward_open service=84 class=6 "
	  "class_name=connection_manager instance=1 item.address=0x06/1 target=connection_manager "
	  "0x06/1 "
	  "connection.serial=17 connection.originator_vendor_id=1 "
	  "connection.originator_vendor=Rockwell Automation/Allen-Bradley "
	  "connection.originator_serial=11223344 connection.transport_class=1 "
	  "connection.trigger=cyclic connection.o_to_t_rpi_us=100000 "
	  "connection.t_to_o_rpi_us=100000 connection.o_to_t_size=10 "
	  "connection.t_to_o_size=14 connection.path=0x04 status=0 "
	  "connection.o_to_t_type=point_to_point connection.t_to_o_type=multicast "
	  "connection.o_to_t_priority=scheduled "
	  "connection.t_to_o_priority=scheduled connection.o_to_t_variable=false "
	  "connection.t_to_o_variable=false connection.timeout_multiplier=32 "
	  "connection.key_vendor_id=1 connection.key_device_type_id=12 "
	  "connection.key_product_code=108 connection.key_revision=6.001 "
	  "connection.key_compatible=true connection.o_to_t_id=1 "
	  "connection.t_to_o_id=16909060 connection.o_to_t_api_us=100000 "
	  "connection.t_to_o_api_us=100000\n" },
	{ "54 02 2006 2401 079d 00000000 04030201 1100 0100 44332211 03 000000 a0860100 f643 "
	  "a0860100 f643 a3 09 4305 5001 0102 8002 01020304 0103 2002 2401",
	  "d4 00 00 00 01000000 04030201 1100 0100 44332211 a0860100 a0860100 01 00 aabb",
	  "session success function=forward_open service=84 class=6 "
	  "class_name=connection_manager instance=1 item.address=0x06/1 target=connection_manager "
	  "0x06/1 "
	  "connection.serial=17 connection.originator_vendor_id=1 "
	  "connection.originator_vendor=Rockwell Automation/Allen-Bradley "
	  "connection.originator_serial=11223344 connection.transport_class=3 "
	  "connection.trigger=application connection.o_to_t_rpi_us=100000 "
	  "connection.t_to_o_rpi_us=100000 connection.o_to_t_size=502 "
	  "connection.t_to_o_size=502 unit_id=3 connection.route=1/3 "
	  "connection.route_hops=1 connection.path=0x02/1 status=0 "
	  "connection.o_to_t_type=point_to_point "
	  "connection.t_to_o_type=point_to_point connection.o_to_t_priority=low "
	  "connection.t_to_o_priority=low connection.o_to_t_variable=true "
	  "connection.t_to_o_variable=true connection.timeout_multiplier=32 "
	  "connection.safety=true connection.production_inhibit_us=5000 "
	  "connection.configuration_bytes=4 connection.configuration=01020304 "
	  "connection.o_to_t_id=1 connection.t_to_o_id=16909060 "
	  "connection.o_to_t_api_us=100000 connection.t_to_o_api_us=100000\n" },
	{ "5b 02 2006 2401 079d 00000000 04030201 1100 0100 44332211 00 000000 a0860100 "
	  "a20f00c2 a0860100 a20f0042 93 03 0100 2002 2401",
	  "db 00 01 01 0601 1100 0100 44332211 01 00",
	  "session failure function=large_forward_open service=91 class=6 "
	  "class_name=connection_manager instance=1 item.address=0x06/1 target=connection_manager "
	  "0x06/1 "
	  "connection.serial=17 connection.originator_vendor_id=1 "
	  "connection.originator_vendor=Rockwell Automation/Allen-Bradley "
	  "connection.originator_serial=11223344 connection.transport_class=3 "
	  "connection.trigger=change_of_state connection.o_to_t_rpi_us=100000 "
	  "connection.t_to_o_rpi_us=100000 connection.o_to_t_size=4002 "
	  "connection.t_to_o_size=4002 unit_id=0 connection.route=1/0 "
	  "connection.route_hops=1 connection.path=0x02/1 status=1 "
	  "status_name=connection_failure extended_status=262 "
	  "extended_status_name=ownership_conflict "
	  "connection.o_to_t_type=point_to_point "
	  "connection.t_to_o_type=point_to_point connection.o_to_t_priority=low "
	  "connection.t_to_o_priority=low connection.o_to_t_variable=true "
	  "connection.t_to_o_variable=true connection.redundant_owner=true "
	  "connection.timeout_multiplier=4 remaining_path_words=1\n" },
	{ "54 02 2006 2401 079d", "d4 00 13 00",
	  "session failure malformed function=forward_open service=84 class=6 "
	  "class_name=connection_manager instance=1 item.address=0x06/1 target=connection_manager "
	  "0x06/1 "
	  "malformed=forward_open_length status=19 status_name=not_enough_data\n" },
	{ "54 02 2006 2401 079d 00000000 04030201 1100 0100 44332211 03 000000 a0860100 0a48 "
	  "a0860100 0e28 01 01 2004",
	  "d4 00 00 00 01000000",
	  "session success malformed function=forward_open service=84 class=6 "
	  "class_name=connection_manager instance=1 item.address=0x06/1 target=connection_manager "
	  "0x06/1 "
	  "connection.serial=17 connection.originator_vendor_id=1 "
	  "connection.originator_vendor=Rockwell Automation/Allen-Bradley "
	  "connection.originator_serial=11223344 connection.transport_class=1 "
	  "connection.trigger=cyclic connection.o_to_t_rpi_us=100000 "
	  "connection.t_to_o_rpi_us=100000 connection.o_to_t_size=10 "
	  "connection.t_to_o_size=14 connection.path=0x04 status=0 "
	  "connection.o_to_t_type=point_to_point connection.t_to_o_type=multicast "
	  "connection.o_to_t_priority=scheduled "
	  "connection.t_to_o_priority=scheduled connection.o_to_t_variable=false "
	  "connection.t_to_o_variable=false connection.timeout_multiplier=32 "
	  "malformed=forward_open_length\n" },
	{ "4e 02 2006 2401 079d 1100 0100 44332211 02 00 2002 2401",
	  "ce 00 00 00 1100 0100 44332211 00 00",
	  "session success function=forward_close service=78 class=6 "
	  "class_name=connection_manager instance=1 item.address=0x06/1 target=connection_manager "
	  "0x06/1 "
	  "connection.serial=17 connection.originator_vendor_id=1 "
	  "connection.originator_vendor=Rockwell Automation/Allen-Bradley "
	  "connection.originator_serial=11223344 connection.path=0x02/1 status=0\n" },
	{ "4e 02 2006 2401 079d 1100 0100 44332211 02 00 2002 2401",
	  "ce 00 01 01 0701 1100 0100 44332211 02 00",
	  "session failure function=forward_close service=78 class=6 "
	  "class_name=connection_manager instance=1 item.address=0x06/1 target=connection_manager "
	  "0x06/1 "
	  "connection.serial=17 connection.originator_vendor_id=1 "
	  "connection.originator_vendor=Rockwell Automation/Allen-Bradley "
	  "connection.originator_serial=11223344 connection.path=0x02/1 status=1 "
	  "status_name=connection_failure extended_status=263 "
	  "extended_status_name=target_connection_not_found "
	  "remaining_path_words=2\n" },
	{ "4e 02 2006 2401 079d", "ce 00 00 00 01",
	  "session success malformed function=forward_close service=78 class=6 "
	  "class_name=connection_manager instance=1 item.address=0x06/1 target=connection_manager "
	  "0x06/1 "
	  "malformed=forward_close_length status=0 malformed=forward_close_length\n" },
	{ "56 02 2006 2401 0300",
	  "d6 00 00 00 0300 0100 0000 0000 1100 0100 44332211 01000000 02000000",
	  "diagnose success function=get_connection_data service=86 class=6 "
	  "class_name=connection_manager instance=1 item.address=0x06/1 target=connection_manager "
	  "0x06/1 "
	  "connection.number=3 status=0 connection.state=1 connection.serial=17 "
	  "connection.originator_vendor_id=1 "
	  "connection.originator_vendor=Rockwell Automation/Allen-Bradley "
	  "connection.originator_serial=11223344 connection.o_to_t_id=1 "
	  "connection.t_to_o_id=2\n" },
	{ "57 02 2006 2401 1100 0100 44332211",
	  "d7 00 00 00 0300 0100 0000 0000 1100 0100 44332211 01000000 02000000",
	  "diagnose success function=search_connection_data service=87 class=6 "
	  "class_name=connection_manager instance=1 item.address=0x06/1 target=connection_manager "
	  "0x06/1 "
	  "connection.serial=17 connection.originator_vendor_id=1 "
	  "connection.originator_vendor=Rockwell Automation/Allen-Bradley "
	  "connection.originator_serial=11223344 status=0 connection.number=3 "
	  "connection.state=1 connection.o_to_t_id=1 connection.t_to_o_id=2\n" },
	{ "5a 02 2006 2401 00 02 2004 2464", "da 00 00 00 02 01 00 02 1100 0100 44332211",
	  "diagnose success function=get_connection_owner service=90 class=6 "
	  "class_name=connection_manager instance=1 item.address=0x06/1 target=connection_manager "
	  "0x06/1 "
	  "connection.path=0x04/100 status=0 connection.count=2 "
	  "connection.owned=1 connection.redundant_owner=false "
	  "connection.last_action=2 connection.serial=17 "
	  "connection.originator_vendor_id=1 "
	  "connection.originator_vendor=Rockwell Automation/Allen-Bradley "
	  "connection.originator_serial=11223344\n" },
	{ "5a 02 2006 2401 00 09", "da 00 00 00 02",
	  "diagnose success malformed function=get_connection_owner service=90 "
	  "class=6 class_name=connection_manager instance=1 item.address=0x06/1 "
	  "target=connection_manager 0x06/1 "
	  "malformed=path_length status=0 malformed=connection_owner_length\n" },
	/* The Message Router. */
	{ "01 02 2002 2401", "81 00 00 00 0200 0100 0200 1000 0100 0500",
	  "identify success function=get_attributes_all service=1 class=2 "
	  "class_name=message_router instance=1 item.address=0x02/1 target=message_router 0x02/1 "
	  "status=0 "
	  "object.classes=1,2 object.max_connections=16 "
	  "object.active_connections=5\n" },
	{ "0e 03 2002 2401 3001", "8e 00 00 00 0300 0100",
	  "identify success function=get_attribute_single service=14 class=2 "
	  "class_name=message_router instance=1 attribute=1 item.address=0x02/1/1 "
	  "target=message_router 0x02/1/1 "
	  "attribute_name=object_list status=0 object.classes=1\n" },
	/* Wrapped ones. */
	{ "52 02 2006 2401 079d 0600 0e02 2001 2401 01 00 0103", "8e 00 00 00 0100",
	  "identify success unit_id=3 route=1/3 route_hops=1 timeout_ms=20096 "
	  "wrapper=unconnected_send function=get_attribute_single service=14 "
	  "class=1 class_name=identity instance=1 item.address=0x01/1 target=identity 0x01/1 "
	  "status=0 "
	  "item.data=0100\n" },
	{ "52 02 2006 2401 079d 0600 0e02 2001 2401 0a 00 1203 312e32 00 0f14 0002 0500 "
	  "1f02 1000 4142 0103",
	  "8e 00 00 00 0100",
	  "identify success unit_id=2843395 route=2/1.2, 20/2, 5/0, 16/AB, 1/3 "
	  "route_hops=5 timeout_ms=20096 wrapper=unconnected_send "
	  "function=get_attribute_single service=14 class=1 class_name=identity "
	  "instance=1 item.address=0x01/1 target=identity 0x01/1 status=0 item.data=0100\n" },
	{ "52 02 2006 2401 079d 0500 0501 2001 00 00 01 00 0103", "d2 00 01 01 1203 01",
	  "restart request - unknown unit_id=3 route=1/3 route_hops=1 "
	  "timeout_ms=20096 wrapper=unconnected_send function=reset service=5 "
	  "class=1 class_name=identity item.address=0x01 target=identity 0x01 "
	  "reset_type=power_cycle\n"
	  "restart failure unit_id=3 route=1/3 route_hops=1 timeout_ms=20096 "
	  "wrapper=unconnected_send function=reset service=5 class=1 "
	  "class_name=identity item.address=0x01 target=identity 0x01 "
	  "reset_type=power_cycle status=1 status_name=connection_failure "
	  "extended_status=786 extended_status_name=link_address_not_valid "
	  "remaining_path_words=1\n" },
	{ "52 02 2006 2401 079d 1400 52 02 2006 2401 079d 0600 0e02 2001 2401 01 00 0102 01 00 "
	  "0101",
	  "8e 00 00 00 0100",
	  "identify success unit_id=13897986 route=1/1, 1/2 route_hops=2 "
	  "timeout_ms=20096 wrapper=unconnected_send "
	  "function=get_attribute_single service=14 class=1 class_name=identity "
	  "instance=1 item.address=0x01/1 target=identity 0x01/1 status=0 item.data=0100\n" },
	{ "52 02 2006 2401 079d ff00 0e02", "d2 00 13 00",
	  "unknown request - unknown malformed function=unconnected_send "
	  "service=82 class=6 class_name=connection_manager instance=1 "
	  "item.address=0x06/1 target=connection_manager 0x06/1 data_bytes=6 "
	  "data=079dff000e02 malformed=unconnected_send_length\n"
	  "unknown failure malformed function=unconnected_send service=82 class=6 "
	  "class_name=connection_manager instance=1 item.address=0x06/1 "
	  "target=connection_manager 0x06/1 data_bytes=6 data=079dff000e02 "
	  "malformed=unconnected_send_length status=19 "
	  "status_name=not_enough_data\n" },
	{ "36 02 2002 2401 0e02 2001 2401 000102030405060708090a0b0c0d0e0f10111213",
	  "b6 00 00 00 8e00 0000 0100 000102030405060708090a0b0c0d0e0f10111213",
	  "identify success wrapper=signed function=get_attribute_single "
	  "service=14 class=1 class_name=identity instance=1 item.address=0x01/1 target=identity "
	  "0x01/1 "
	  "status=0 item.data=0100\n" },
	{ "37 02 2002 2401 0702 208e 2401 000102030405060708090a0b0c0d0e0f10111213", "b7 00 0f 00",
	  "stop request - unknown wrapper=audited function=stop service=7 "
	  "class=142 class_name=controller instance=1 item.address=0x8e/1 "
	  "target=controller 0x8e/1\n"
	  "stop failure wrapper=audited function=stop service=7 class=142 "
	  "class_name=controller instance=1 item.address=0x8e/1 target=controller "
	  "0x8e/1 status=15 status_name=privilege_violation\n" },
	{ "37 02 2002 2401 ffff", "b7 00 13 00",
	  "unknown request - unknown function=audited service=55 class=2 "
	  "class_name=message_router instance=1 item.address=0x02/1 "
	  "target=message_router 0x02/1 data_bytes=2 data=ffff\n"
	  "unknown failure function=audited service=55 class=2 "
	  "class_name=message_router instance=1 item.address=0x02/1 "
	  "target=message_router 0x02/1 data_bytes=2 data=ffff status=19 "
	  "status_name=not_enough_data\n" },
	{ "52 02 2006 2401 079d 0600 0e02 2001 2401 02 00 0103 0f01", "8e 00 00 00",
	  "identify success malformed unit_id=3 route=1/3 route_hops=1 "
	  "timeout_ms=20096 wrapper=unconnected_send "
	  "function=get_attribute_single service=14 class=1 class_name=identity "
	  "instance=1 item.address=0x01/1 target=identity 0x01/1 malformed=port_segment "
	  "status=0\n" },
	{ "52 02 2006 2401 079d 0c00 0a02 2002 2401 0100 0400 0e00 02 00 0103 e001", "8a 00 00 00",
	  "read success malformed unit_id=3 route=1/3 route_hops=1 "
	  "timeout_ms=20096 wrapper=unconnected_send "
	  "function=multiple_service_packet service=10 class=2 "
	  "class_name=message_router instance=1 item.address=0x02/1 items=1 "
	  "malformed=reserved_segment status=0\n"
	  "item read complete - unknown item.index=0 unit_id=3 "
	  "function=get_attribute_single service=14\n" },
	{ "52 02 2006 2401 079d 3000 54 02 2006 2401 079d 00000000 04030201 1100 0100 44332211 03 "
	  "000000 a0860100 f643 a0860100 f643 a3 03 0100 2002 2401 01 00 0103",
	  "d4 00 00 00 01000000 04030201 1100 0100 44332211 a0860100 a0860100 00 00",
	  "session success unit_id=3 route=1/3 route_hops=1 timeout_ms=20096 "
	  "wrapper=unconnected_send function=forward_open service=84 class=6 "
	  "class_name=connection_manager instance=1 item.address=0x06/1 target=connection_manager "
	  "0x06/1 "
	  "connection.serial=17 connection.originator_vendor_id=1 "
	  "connection.originator_vendor=Rockwell Automation/Allen-Bradley "
	  "connection.originator_serial=11223344 connection.transport_class=3 "
	  "connection.trigger=application connection.o_to_t_rpi_us=100000 "
	  "connection.t_to_o_rpi_us=100000 connection.o_to_t_size=502 "
	  "connection.t_to_o_size=502 connection.route=1/0 "
	  "connection.route_hops=1 connection.path=0x02/1 status=0 "
	  "connection.o_to_t_type=point_to_point "
	  "connection.t_to_o_type=point_to_point connection.o_to_t_priority=low "
	  "connection.t_to_o_priority=low connection.o_to_t_variable=true "
	  "connection.t_to_o_variable=true connection.timeout_multiplier=32 "
	  "connection.o_to_t_id=1 connection.t_to_o_id=16909060 "
	  "connection.o_to_t_api_us=100000 connection.t_to_o_api_us=100000\n" },
	/* Several in one. */
	{ "0a 02 2002 2401 0200 0600 0c00 0e02 2001 2401 0502 2093 2401",
	  "8a 00 00 00 0200 0600 0b00 8e00 0000 01 8500 0000",
	  "control request - unknown function=multiple_service_packet service=10 "
	  "class=2 class_name=message_router instance=1 item.address=0x02/1 "
	  "target=0x93/1 items=2\n"
	  "item control request - unknown item.index=1 function=reset service=5 "
	  "class=147 instance=1 item.address=0x93/1 target=0x93/1\n"
	  "control success function=multiple_service_packet service=10 class=2 "
	  "class_name=message_router instance=1 item.address=0x02/1 target=0x93/1 "
	  "items=2 status=0\n"
	  "item identify complete - success item.index=0 item.status=success "
	  "function=get_attribute_single service=14 class=1 class_name=identity "
	  "instance=1 item.address=0x01/1 target=identity 0x01/1 status=0 item.data=01\n"
	  "item control complete - success item.index=1 item.status=success "
	  "function=reset service=5 class=147 instance=1 item.address=0x93/1 "
	  "target=0x93/1 status=0\n" },
	{ "0a 02 2002 2401 0200 0600 0c00 0e02 2001 2401 0e02 2093 2401",
	  "8a 00 1e 00 0200 0600 0b00 8e00 0000 01 8e00 0500",
	  "read failure function=multiple_service_packet service=10 class=2 "
	  "class_name=message_router instance=1 item.address=0x02/1 items=2 "
	  "status=30 status_name=embedded_service_error items_failed=1\n"
	  "item identify complete - success item.index=0 item.status=success "
	  "function=get_attribute_single service=14 class=1 class_name=identity "
	  "instance=1 item.address=0x01/1 target=identity 0x01/1 status=0 item.data=01\n"
	  "item read complete - failure item.index=1 "
	  "item.status=path_destination_unknown function=get_attribute_single "
	  "service=14 class=147 instance=1 item.address=0x93/1 status=5 "
	  "status_name=path_destination_unknown\n" },
	{ "0a 02 2002 2401 0200 0600 ff00 0e02 2001 2401", "8a 00 20 00",
	  "unknown request - unknown malformed function=multiple_service_packet "
	  "service=10 class=2 class_name=message_router instance=1 "
	  "item.address=0x02/1 items=0 "
	  "malformed=multiple_service_offsets\n"
	  "unknown failure malformed function=multiple_service_packet service=10 "
	  "class=2 class_name=message_router instance=1 item.address=0x02/1 "
	  ""
	  "items=0 malformed=multiple_service_offsets status=32 "
	  "status_name=invalid_parameter\n" },
	{ "0a 02 2002 2401 0300 0800 0700 0900 0e02 2001", "8a 00 20 00",
	  "unknown request - unknown malformed function=multiple_service_packet "
	  "service=10 class=2 class_name=message_router instance=1 "
	  "item.address=0x02/1 items=0 "
	  "malformed=multiple_service_offsets\n"
	  "unknown failure malformed function=multiple_service_packet service=10 "
	  "class=2 class_name=message_router instance=1 item.address=0x02/1 "
	  ""
	  "items=0 malformed=multiple_service_offsets status=32 "
	  "status_name=invalid_parameter\n" },
	{ "0a 02 2002 2401", "8a 00 13 00",
	  "unknown request - unknown malformed function=multiple_service_packet "
	  "service=10 class=2 class_name=message_router instance=1 "
	  "item.address=0x02/1 items=0 "
	  "malformed=multiple_service_offsets\n"
	  "unknown failure malformed function=multiple_service_packet service=10 "
	  "class=2 class_name=message_router instance=1 item.address=0x02/1 "
	  ""
	  "items=0 malformed=multiple_service_offsets status=19 "
	  "status_name=not_enough_data\n" },
};

static void every_exchange(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(exchanges); i++) {
		struct engine_world *w = world_new_enip();

		world_open(w);
		world_rr(w, HMI, 7, exchanges[i].request);
		world_rr(w, PLC, 7, exchanges[i].answer);
		assert_string_equal(world_short_log(w), exchanges[i].log);
		assert_int_equal(world_protocol(w, "enip")->messages, 2);
		world_free(w);
	}
}

/* ---- cut at every length ---- */

/* Every message of the table cut short, with all lengths around it: as the end of a connection and
 * as a datagram. Each counts, whatever is wrong with it. */
static void cut_with_its_length(void **state)
{
	struct engine_world *w = world_new_enip();
	uint8_t message[ENIP_BYTES], out[ENIP_BYTES];

	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_SIZE(exchanges); i++) {
		const struct exchange *e = &exchanges[i / 2];
		unsigned from = i % 2 == 0 ? HMI : PLC;
		size_t n =
		    world_hex(from == HMI ? e->request : e->answer, message, sizeof(message));

		for (size_t cut = 0; cut < n; cut++) {
			uint64_t before = world_protocol(w, "enip")->messages;

			w->port[HMI]++;
			world_open(w);
			if (from == PLC) {
				world_rr(w, HMI, 7, e->request);
			}
			world_tcp(w, from, out, enip_rr(7, message, cut, out));
			world_udp(w, from, out, enip_rr(7, message, cut, out));
			world_tcp(w, from, out, enip_unit(9, 1, message, cut, out));
			assert_int_equal(world_protocol(w, "enip")->messages,
					 before + 3 + (from == PLC));
			world_clear(w);
		}
	}
	world_finish(w);
	world_free(w);
}

/* Every packet cut as a whole: the end of a connection, and a datagram that is no packet. */
static void cut_short(void **state)
{
	struct engine_world *w = world_new_enip();
	uint8_t message[ENIP_BYTES], out[ENIP_BYTES];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(exchanges); i++) {
		size_t n = world_hex(exchanges[i].request, message, sizeof(message));
		size_t whole = enip_rr(7, message, n, out);
		uint64_t before = world_protocol(w, "enip")->messages;

		for (size_t cut = 1; cut < whole; cut++) {
			w->port[HMI]++;
			world_tcp(w, HMI, out, cut);
			world_udp(w, HMI, out, cut);
			world_clear(w);
		}
		assert_int_equal(world_protocol(w, "enip")->messages, before);
	}
	world_finish(w);
	world_free(w);
}

/* ---- connections ---- */

#define OPEN(t_to_o, serial)                               \
	"54 02 2006 2401 079d 00000000 " t_to_o " " serial \
	" 0100 44332211 02 000000 80841e00 f843 80841e00 f843 a3 03 0103 2002 2401"
#define OPENED(o_to_t, t_to_o, serial) \
	"d4 00 00 00 " o_to_t " " t_to_o " " serial " 0100 44332211 80841e00 80841e00 00 00"

/* Two connections with the same sequence count, answered the other way round. */
static void connected_pairs(void **state)
{
	struct engine_world *w = world_new_enip();

	(void)state;
	world_open(w);
	world_rr(w, HMI, 1, OPEN("01000080", "0100"));
	world_rr(w, PLC, 1, OPENED("11000000", "01000080", "0100"));
	world_rr(w, HMI, 2, OPEN("02000080", "0200"));
	world_rr(w, PLC, 2, OPENED("12000000", "02000080", "0200"));
	world_clear(w);
	world_unit(w, HMI, 0x11, 5, "0e 03 2093 2401 3001");
	world_unit(w, HMI, 0x12, 5, "0e 03 2093 2401 3002");
	assert_log(w, "");
	world_unit(w, PLC, 0x80000002, 5, "8e 00 00 00 2222");
	world_unit(w, PLC, 0x80000001, 5, "8e 00 00 00 1111");
	assert_string_equal(
	    world_short_log(w),
	    "read success unit_id=3 connection.id=18 sequence=5 function=get_attribute_single "
	    "service=14 class=147 instance=1 attribute=2 "
	    "item.address=0x93/1/2 status=0 item.data=2222\n"
	    "read success unit_id=3 connection.id=17 sequence=5 function=get_attribute_single "
	    "service=14 class=147 instance=1 attribute=1 "
	    "item.address=0x93/1/1 status=0 item.data=1111\n");
	/* Closed: the ids mean nothing any more. */
	world_rr(w, HMI, 3, "4e 02 2006 2401 079d 0100 0100 44332211 03 00 0103 2002 2401");
	world_rr(w, PLC, 3, "ce 00 00 00 0100 0100 44332211 00 00");
	assert_int_equal(world_count(w, "o_to_t_id=17"), 1);
	world_clear(w);
	world_unit(w, HMI, 0x11, 6, "0e 03 2093 2401 3001");
	world_unit(w, PLC, 0x80000001, 6, "8e 00 00 00 1111");
	assert_string_equal(
	    world_short_log(w),
	    "read success connection.id=17 sequence=6 function=get_attribute_single service=14 "
	    "class=147 instance=1 attribute=1 item.address=0x93/1/1 status=0 "
	    "item.data=1111\n");
	world_free(w);
}

/* Without the Forward Open sequence counts pair. */
static void connected_midstream(void **state)
{
	struct engine_world *w = world_new_enip();

	(void)state;
	world_unit(w, PLC, 0x80000001, 4, "8e 00 00 00 1111");
	assert_int_equal(world_count(w, "orphan"), 1);
	world_unit(w, HMI, 0x11, 5, "0e 03 2093 2401 3001");
	world_unit(w, HMI, 0x11, 6, "07 02 208e 2401");
	world_clear(w);
	world_unit(w, PLC, 0x80000001, 6, "87 00 00 00");
	world_unit(w, PLC, 0x80000001, 5, "8e 00 00 00 1111");
	assert_int_equal(world_count(w, "stop complete answered success"), 1);
	assert_int_equal(world_count(w, "read complete answered success"), 1);
	assert_int_equal(w->records,
			 5); /* with those of the flow, the orphan and the stop itself */
	world_free(w);
}

/* More connections than the table has rows: the oldest are forgotten, and nothing breaks. */
static void many_connections(void **state)
{
	struct engine_world *w = world_new_enip();
	uint8_t message[ENIP_BYTES], out[ENIP_BYTES];

	(void)state;
	world_open(w);
	for (unsigned i = 0; i < 1500; i++) {
		size_t n = world_hex(OPEN("01000080", "0100"), message, sizeof(message));

		world_put_le(message + 12, 0x80000000 + i, 4);
		world_put_le(message + 16, i, 2);
		world_tcp(w, HMI, out, enip_rr(i, message, n, out));
		n = world_hex(OPENED("11000000", "01000080", "0100"), message, sizeof(message));
		world_put_le(message + 4, i, 4);
		world_put_le(message + 8, 0x80000000 + i, 4);
		world_put_le(message + 12, i, 2);
		world_tcp(w, PLC, out, enip_rr(i, message, n, out));
		world_clear(w);
	}
	world_unit(w, HMI, 1, 1, "0e 03 2093 2401 3001");
	world_unit(w, PLC, 0x80000001, 1, "8e 00 00 00 11");
	assert_int_equal(world_count(w, "weir.unit_id=3"), 0);
	world_clear(w);
	world_unit(w, HMI, 1499, 2, "0e 03 2093 2401 3001");
	world_unit(w, PLC, 0x80000000 + 1499, 2, "8e 00 00 00 11");
	assert_int_equal(world_count(w, "weir.unit_id=3"), 1);
	world_free(w);
}

/* ---- pairing ---- */

static void answers_overtake(void **state)
{
	struct engine_world *w = world_new_enip();

	(void)state;
	world_open(w);
	world_rr(w, HMI, 1, "0e 03 2093 2401 3001");
	world_rr(w, HMI, 2, "0e 03 2093 2401 3002");
	world_rr(w, PLC, 2, "8e 00 00 00 2222");
	world_rr(w, PLC, 1, "8e 00 00 00 1111");
	assert_int_equal(world_count(w, "attribute=2 weir.item.address=0x93/1/2 "), 1);
	assert_int_equal(world_count(w, "0x93/1/2 weir.cip.status=0 weir.item.data=2222"), 1);
	assert_int_equal(world_count(w, "0x93/1/1 weir.cip.status=0 weir.item.data=1111"), 1);
	world_free(w);
}

/* A sender context that never changes: in order, and by service. */
static void same_context(void **state)
{
	struct engine_world *w = world_new_enip();

	(void)state;
	world_open(w);
	world_rr(w, HMI, 0, "0e 03 2093 2401 3001");
	world_rr(w, HMI, 0, "0e 03 2093 2401 3002");
	world_rr(w, HMI, 0, "01 02 2093 2401");
	world_rr(w, PLC, 0, "81 00 00 00 33");
	world_rr(w, PLC, 0, "8e 00 00 00 1111");
	world_rr(w, PLC, 0, "8e 00 00 00 2222");
	assert_int_equal(world_count(w, "0x93/1/1 weir.cip.status=0 weir.item.data=1111"), 1);
	assert_int_equal(world_count(w, "0x93/1/2 weir.cip.status=0 weir.item.data=2222"), 1);
	assert_int_equal(world_count(w, "function=get_attributes_all"), 1);
	assert_int_equal(world_count(w, "answered"), 3);
	world_free(w);
}

static void unanswered_and_orphan(void **state)
{
	struct engine_world *w = world_new_enip();

	(void)state;
	world_open(w);
	world_rr(w, HMI, 1, "0e 03 2093 2401 3001");
	world_rr(w, HMI, 2, "05 02 2093 2401 00");
	world_time(w, 6 * NS_PER_S);
	assert_int_equal(world_count(w, "read complete unanswered unknown"), 1);
	assert_int_equal(world_count(w, "control complete unanswered unknown"), 1);
	world_clear(w);
	world_rr(w, PLC, 1, "8e 00 00 00 1111");
	world_rr(w, PLC, 9, "8a 00 00 00 0200 0600 0b00 8e00 0000 01 8500 0500");
	assert_string_equal(
	    world_short_log(w),
	    "unknown complete orphan success function=get_attribute_single service=14 status=0 "
	    "answer_bytes=2 answer_data=1111\n"
	    "unknown complete orphan failure function=multiple_service_packet service=10 status=0 "
	    "items=2 items_failed=1\n"
	    "item unknown complete - success item.index=0 item.status=success "
	    "function=get_attribute_single service=14 status=0 answer_bytes=1 answer_data=01\n"
	    "item unknown complete - failure item.index=1 item.status=path_destination_unknown "
	    "function=reset service=5 status=5 status_name=path_destination_unknown\n");
	world_free(w);
}

/* The encapsulation refuses: no CIP answer will come. */
static void refused(void **state)
{
	struct engine_world *w = world_new_enip();

	(void)state;
	world_open(w);
	world_rr(w, HMI, 1, "0e 03 2093 2401 3001");
	world_enip(w, PLC, 0x6f, 0x64, 1, "");
	assert_int_equal(world_count(w, "read complete answered failure weir.cip.function"), 0);
	assert_int_equal(world_count(w, "read complete answered failure"), 1);
	assert_int_equal(world_count(w, "weir.cip.encapsulation_status=invalid_session"), 1);
	world_free(w);
}

/* The names of all codes end up in records as they stand in the tables. */
static void names(void **state)
{
	(void)state;
	assert_string_equal(cip_vendor_name(1), "Rockwell Automation/Allen-Bradley");
	assert_non_null(cip_vendor_name(283));
	assert_null(cip_vendor_name(65535));
	assert_string_equal(cip_device_type_name(14), "Programmable logic controller");
	assert_null(cip_device_type_name(0x7777));
	assert_string_equal(cip_class_word(0xf5), "tcpip_interface");
	assert_null(cip_class_word(0x8e));
	assert_string_equal(cip_status_name(0x1e), "embedded_service_error");
	assert_null(cip_status_name(0xd0));
	assert_string_equal(cip_extended_status_name(1, 0x0814),
			    "invalid_produce_consume_data_format");
	assert_null(cip_extended_status_name(1, 0x0102));
	assert_string_equal(cip_extended_status_name(0xff, 0x2104), "address_out_of_range");
	assert_null(cip_extended_status_name(5, 0x0100));
}

/* Without pads, and what a text has no room for. */
static void packed_and_long_paths(void **state)
{
	uint8_t bytes[600];
	struct cip_path path;
	size_t n = world_hex("21 3412 25 0100 31 0200 2a 01000000 61 41 91 03 414243", bytes,
			     sizeof(bytes));

	(void)state;
	cip_path_clear(&path);
	assert_null(cip_path_read(&path, cur_of(bytes, n), false));
	assert_int_equal(path.class, 0x1234);
	assert_int_equal(path.instance, 1);
	assert_int_equal(path.attribute, 2);
	assert_int_equal(path.member, 1);
	assert_memory_equal(path.text, "0x1234/1/2[1].A.ABC", path.length);
	n = 0;
	while (n < sizeof(bytes) - 4) {
		memcpy(bytes + n, "\x91\x02\x41\x42", 4);
		n += 4;
	}
	/* No path has so many segments. */
	cip_path_clear(&path);
	assert_string_equal(cip_path_read(&path, cur_of(bytes, n), true), "path_segments");
	bytes[1] = 255;
	memset(bytes + 2, 'x', 256);
	cip_path_clear(&path);
	assert_null(cip_path_read(&path, cur_of(bytes, 258), true));
	assert_int_equal(path.length, sizeof(path.text));
	assert_true((path.parts & CIP_PATH_CUT) != 0);
	/* A route that goes on and on. */
	for (n = 0; n < 100; n += 2) {
		bytes[n] = 1;
		bytes[n + 1] = 200;
	}
	cip_path_clear(&path);
	assert_null(cip_path_read(&path, cur_of(bytes, 100), true));
	assert_int_equal(path.n_hops, 50);
	assert_true((path.parts & CIP_PATH_CUT) != 0);
}

/* Bytes that nobody meant to be CIP. */
static void random_bytes(void **state)
{
	struct engine_world *w = world_new_enip();
	uint64_t seed = 1;
	uint8_t message[256], out[ENIP_BYTES];

	(void)state;
	world_open(w);
	for (unsigned i = 0; i < 20000; i++) {
		size_t n = seed >> 33 & 127;

		for (size_t k = 0; k < n; k++) {
			seed = seed * 6364136223846793005 + 1442695040888963407;
			message[k] = (uint8_t)(seed >> 40);
		}
		seed = seed * 6364136223846793005 + 1442695040888963407;
		if (n > 2 && i % 2 == 0) {
			message[0] = (uint8_t)(seed >> 50 & 0x7f);
			message[1] &= 7;
		}
		world_tcp(w, i & 1, out,
			  i % 3 == 0 ? enip_unit(i & 7, (uint16_t)(i >> 3), message, n, out)
				     : enip_rr(i & 15, message, n, out));
		world_clear(w);
	}
	assert_int_equal(world_protocol(w, "enip")->messages, 20000);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_exchange),
		cmocka_unit_test(cut_with_its_length),
		cmocka_unit_test(cut_short),
		cmocka_unit_test(connected_pairs),
		cmocka_unit_test(connected_midstream),
		cmocka_unit_test(many_connections),
		cmocka_unit_test(answers_overtake),
		cmocka_unit_test(same_context),
		cmocka_unit_test(unanswered_and_orphan),
		cmocka_unit_test(refused),
		cmocka_unit_test(names),
		cmocka_unit_test(random_bytes),
		cmocka_unit_test(packed_and_long_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
