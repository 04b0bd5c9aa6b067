# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
# shellcheck shell=bash

# packages.sh - the Debian packages that the project needs, in one place.  To be sourced.

# To build and to run.
build_packages=(
	gcc libc6-dev meson ninja-build pkg-config
	libpcap-dev zlib1g-dev libzstd-dev libyaml-dev libndpi-dev libsqlite3-dev libjansson-dev
	libssl-dev libcurl4-openssl-dev libpcre2-dev libsmartcols-dev libseccomp-dev libcap-ng-dev
	libmaxminddb-dev libgraphviz-dev librdkafka-dev libmosquitto-dev
	ieee-data tzdata
)

# To test, besides.
# shellcheck disable=SC2034 # for the script that sources this
test_packages=(
	clang libclang-rt-14-dev clang-format libcmocka-dev libmodbus-dev
	tshark tcpdump jq python3 python3-jsonschema python3-yaml iproute2 gzip zstd libmaxmind-db-writer-perl
	openssl rsyslog rsyslog-relp rsyslog-openssl mosquitto mosquitto-clients
)

# Installs what is missing of the packages named. Needs apt, and sudo when not root.
packages_install() {
	local package missing=() as_root=()

	for package in "$@"; do
		dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
			missing+=("$package")
	done
	if [ "${#missing[@]}" = 0 ]; then
		echo "All Debian packages are there."
		return 0
	fi
	echo "Installing Debian packages: ${missing[*]}"
	if [ "$(id -u)" != 0 ]; then
		if ! command -v sudo >/dev/null; then
			echo "Not root and no sudo: run as root: apt-get install ${missing[*]}" >&2
			return 1
		fi
		as_root=(sudo)
	fi
	"${as_root[@]}" apt-get update -q &&
		"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
			apt-get install -q -y --no-install-recommends "${missing[@]}"
}
