package dev.tidemark.cli.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskRoomTest {
    private static final Path PLACE = Path.of("/data");
    private static final RoomNeed NEED = new RoomNeed(3 << 20, 5L << 30);

    @Test
    void whatDoesNotFitWhateverItIsIsRefusedWithWhatIsNeededAndWhatIsThere() {
        TidemarkException thrown =
                catchThrowableOfType(
                        TidemarkException.class,
                        () -> DiskRoom.look(DiskRoom.Purpose.RESTORE, NEED, PLACE, (3 << 20) - 1));

        assertThat(thrown)
                .hasMessage(
                        "the restore takes 3.0 MiB at least, about 5.0 GiB by a guess, and /data has room for 3.0 MiB");
        assertThat(thrown.hint())
                .isEqualTo(
                        "Make room there, restore elsewhere, or leave the rows of large tables out with --exclude-table-data."
                                + " Nothing was changed.");
        assertThat(thrown.kind()).isEqualTo(TidemarkException.Kind.REFUSED);
        assertThat(DiskRoom.isForRoom(thrown)).isTrue();
    }

    @Test
    void whatMayNotFitIsTold() {
        assertThat(DiskRoom.look(DiskRoom.Purpose.EXPORT, NEED, PLACE, 3 << 20))
                .contains(
                        "the export may not fit: it takes about 5.0 GiB by a guess, and /data has room for 3.0 MiB");
    }

    @Test
    void whatMayNotFitIsRefusedWhereOthersNeedTheDisk() {
        var purpose = DiskRoom.Purpose.SCRATCH;
        TidemarkException thrown =
                catchThrowableOfType(
                        TidemarkException.class,
                        () ->
                                DiskRoom.requireGuess(
                                        DiskRoom.look(purpose, NEED, PLACE, 3 << 20), purpose));

        assertThat(thrown)
                .hasMessage(
                        "the scratch database may not fit: it takes about 5.0 GiB by a guess, and /data has room for 3.0 MiB");
        assertThat(thrown.kind()).isEqualTo(TidemarkException.Kind.REFUSED);
    }

    @Test
    void whatFitsIsNotSpokenOf() {
        assertThat(DiskRoom.look(DiskRoom.Purpose.FILE, NEED, PLACE, 5L << 30)).isEmpty();
    }

    @Test
    void aFoldersDiskIsAsked(@TempDir Path folder) throws IOException {
        RoomNeed tooMuch = new RoomNeed(Long.MAX_VALUE, Long.MAX_VALUE);

        TidemarkException thrown =
                catchThrowableOfType(
                        TidemarkException.class,
                        () -> DiskRoom.look(DiskRoom.Purpose.SCRATCH, tooMuch, folder));

        assertThat(thrown)
                .hasMessageMatching(
                        "the scratch database takes 8\\.0 EiB at least, about 8\\.0 EiB by a guess, and %s has room for .* .iB"
                                .formatted(folder));
        assertThat(DiskRoom.look(DiskRoom.Purpose.SCRATCH, RoomNeed.NOTHING, folder)).isEmpty();
    }

    @Test
    void anotherRefusalIsNoneForRoom() {
        assertThat(DiskRoom.isForRoom(TidemarkException.refused("no", "Do not."))).isFalse();
    }
}
