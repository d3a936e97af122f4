import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * Gives the classes of a JAR that are older than Java 6 the form of Java 17, in place: the same code
 * with the stack maps that came then. The JVM keeps no older classes ahead of time, and picocli's,
 * which every command begins with, are of Java 5. Run as it is, by Java 25 or later.
 */
public final class NewerClasses {
    private static final ClassTransform NEWER =
            ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
                    .andThen(
                            (to, element) -> {
                                if (element instanceof ClassFileVersion) {
                                    to.withVersion(ClassFile.JAVA_17_VERSION, 0);
                                } else {
                                    to.with(element);
                                }
                            });

    private NewerClasses() {}

    public static void main(String[] jars) throws IOException {
        for (String jar : jars) {
            Path path = Path.of(jar);
            Path newer = path.resolveSibling(path.getFileName() + ".newer");
            rewrite(path, newer);
            Files.move(newer, path, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void rewrite(Path path, Path newer) throws IOException {
        try (JarFile jar = new JarFile(path.toFile());
                OutputStream file = Files.newOutputStream(newer);
                JarOutputStream out = new JarOutputStream(file)) {
            ClassFile classes = classesOf(jar);
            for (JarEntry entry : Collections.list(jar.entries())) {
                JarEntry same = new JarEntry(entry.getName());
                same.setTime(entry.getTime());
                out.putNextEntry(same);
                out.write(newer(classes, entry.getName(), content(jar, entry)));
            }
        }
    }

    private static byte[] newer(ClassFile classes, String name, byte[] content) {
        if (!name.endsWith(".class")) {
            return content;
        }
        ClassModel read = classes.parse(content);
        return read.majorVersion() < ClassFile.JAVA_6_VERSION
                ? classes.transformClass(read, NEWER)
                : content;
    }

    /** Stack maps need to know how classes are related. */
    private static ClassFile classesOf(JarFile jar) {
        ClassHierarchyResolver ofJar =
                ClassHierarchyResolver.ofResourceParsing(type -> open(jar, type));
        return ClassFile.of(
                ClassHierarchyResolverOption.of(
                        ofJar.orElse(ClassHierarchyResolver.defaultResolver())));
    }

    private static InputStream open(JarFile jar, ClassDesc type) {
        String descriptor = type.descriptorString();
        JarEntry entry =
                jar.getJarEntry(descriptor.substring(1, descriptor.length() - 1) + ".class");
        try {
            return entry == null ? null : jar.getInputStream(entry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] content(JarFile jar, JarEntry entry) throws IOException {
        try (InputStream in = jar.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }
}
