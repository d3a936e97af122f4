package dev.tidemark.archiver.simulation;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** Runs each test by {@link Stepped#alone}. */
final class InTurns implements InvocationInterceptor {
    @Override
    public void interceptTestMethod(
            Invocation<@Nullable Void> test,
            ReflectiveInvocationContext<Method> method,
            ExtensionContext context)
            throws Throwable {
        Stepped.alone(test::proceed);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<@Nullable Void> test,
            ReflectiveInvocationContext<Method> method,
            ExtensionContext context)
            throws Throwable {
        Stepped.alone(test::proceed);
    }
}
