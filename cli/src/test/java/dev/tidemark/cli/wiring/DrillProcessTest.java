package dev.tidemark.cli.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DrillProcessTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Xmx512m",
                "-Xms512m",
                "-XX:MaxHeapSize=512m",
                "-XX:InitialHeapSize=512m",
                "-XX:MinHeapSize=512m",
                "-XX:SoftMaxHeapSize=512m",
                "-XX:MaxRAMPercentage=50",
                "-XX:InitialRAMPercentage=50",
                "-XX:MaxRAM=2g",
                "-XX:+HeapDumpOnOutOfMemoryError",
                "-XX:HeapDumpPath=/tmp",
                "-XX:OnOutOfMemoryError=kill",
                "-XX:StartFlightRecording:filename=service.jfr",
                "-agentlib:jdwp=transport=dt_socket,address=5005",
                "-javaagent:metrics.jar=9000",
                "-Dcom.sun.management.jmxremote.port=9010"
            })
    void whatIsOfTheServicesOwnHeapAndPortsIsNotHandedOn(String argument) {
        assertThat(DrillProcess.isHandedOn(argument)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-Djavax.net.ssl.trustStore=trust.p12",
                "--enable-native-access=ALL-UNNAMED"
            })
    void allElseIs(String argument) {
        assertThat(DrillProcess.isHandedOn(argument)).isTrue();
    }
}
