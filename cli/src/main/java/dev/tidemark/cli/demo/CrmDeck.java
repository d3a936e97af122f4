package dev.tidemark.cli.demo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * The kinds of transactions, dealt like cards: first one of each, so that a short run holds all of
 * them, then shuffled decks in which each kind has its share.
 */
final class CrmDeck {
    private final SplittableRandom random;
    private final List<CrmTransaction> cards = new ArrayList<>();

    CrmDeck(SplittableRandom random) {
        this.random = random;
        Collections.addAll(cards, CrmTransaction.values());
        shuffle();
    }

    CrmTransaction deal() {
        if (cards.isEmpty()) {
            for (CrmTransaction kind : CrmTransaction.values()) {
                cards.addAll(Collections.nCopies(kind.share(), kind));
            }
            shuffle();
        }
        return cards.removeLast();
    }

    private void shuffle() {
        Collections.shuffle(cards, Random.from(random));
    }
}
