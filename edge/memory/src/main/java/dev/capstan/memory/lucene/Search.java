package dev.capstan.memory.lucene;

import dev.capstan.agents.memory.Bm25;
import dev.capstan.agents.memory.MemoryGroup;
import dev.capstan.agents.memory.Query;
import dev.capstan.agents.memory.Ranking;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.VectorScorer;
import org.apache.lucene.search.Weight;
import org.jspecify.annotations.Nullable;

/**
 * One search: the best by words and the best by meaning within the group, and then both figures for
 * each of them.
 */
final class Search {
  /** Words of a query that count; a longer one is as good as cut off. */
  private static final int MOST_WORDS = 200;

  private final IndexSearcher searcher;
  private final float[] meaning;
  private final org.apache.lucene.search.Query place;
  private final org.apache.lucene.search.Query words;
  private double mostByWords;

  Search(IndexSearcher searcher, Analyzer analyzer, MemoryGroup group, String text, float[] meaning)
      throws IOException {
    this.searcher = searcher;
    this.meaning = meaning;
    this.place = new TermQuery(Entry.placeOf(group));
    BooleanQuery.Builder any = new BooleanQuery.Builder();
    long all = searcher.getIndexReader().getDocCount(Entry.TEXT);
    for (String word : words(analyzer, text)) {
      Term term = new Term(Entry.TEXT, word);
      any.add(new TermQuery(term), BooleanClause.Occur.SHOULD);
      mostByWords += Bm25.rarity(searcher.getIndexReader().docFreq(term), all);
    }
    this.words = any.build();
  }

  private static Set<String> words(Analyzer analyzer, String text) throws IOException {
    Set<String> words = new LinkedHashSet<>();
    try (TokenStream tokens = analyzer.tokenStream(Entry.TEXT, text)) {
      CharTermAttribute word = tokens.addAttribute(CharTermAttribute.class);
      tokens.reset();
      while (words.size() < MOST_WORDS && tokens.incrementToken()) {
        words.add(word.toString());
      }
      tokens.end();
    }
    return words;
  }

  List<Ranking.Candidate> candidates(Query query) throws IOException {
    Set<Integer> found = new TreeSet<>();
    add(found, new KnnFloatVectorQuery(Entry.MEANING, meaning, query.candidates(), place), query);
    add(
        found,
        new BooleanQuery.Builder()
            .add(words, BooleanClause.Occur.MUST)
            .add(place, BooleanClause.Occur.FILTER)
            .build(),
        query);
    List<Ranking.Candidate> candidates = new ArrayList<>();
    StoredFields stored = searcher.storedFields();
    Weight weight = searcher.createWeight(searcher.rewrite(words), ScoreMode.COMPLETE, 1);
    List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
    @Nullable Leaf leaf = null;
    for (int number : found) {
      LeafReaderContext context = leaves.get(ReaderUtil.subIndex(number, leaves));
      if (leaf == null || leaf.base != context.docBase) {
        leaf = new Leaf(context, weight, meaning);
      }
      candidates.add(
          new Ranking.Candidate(
              Entry.read(stored.document(number)),
              mostByWords == 0 ? 0 : leaf.words(number) / mostByWords,
              leaf.meaning(number)));
    }
    return candidates;
  }

  private void add(Set<Integer> found, org.apache.lucene.search.Query by, Query query)
      throws IOException {
    for (ScoreDoc entry : searcher.search(by, query.candidates()).scoreDocs) {
      found.add(entry.doc);
    }
  }

  /** The figures of entries in one segment, asked for in their order. */
  private static final class Leaf {
    private final int base;
    private final @Nullable Scorer words;
    private final @Nullable VectorScorer meaning;

    Leaf(LeafReaderContext context, Weight weight, float[] target) throws IOException {
      base = context.docBase;
      words = weight.scorer(context);
      FloatVectorValues values = context.reader().getFloatVectorValues(Entry.MEANING);
      meaning = values == null ? null : values.scorer(target);
    }

    double words(int number) throws IOException {
      return words != null && at(words.iterator(), number - base) ? words.score() : 0;
    }

    /** Lucene tells a dot product as (1 + dot) / 2. */
    double meaning(int number) throws IOException {
      return meaning != null && at(meaning.iterator(), number - base) ? 2 * meaning.score() - 1 : 0;
    }

    private static boolean at(DocIdSetIterator entries, int number) throws IOException {
      int here = entries.docID() < number ? entries.advance(number) : entries.docID();
      return here == number;
    }
  }
}
