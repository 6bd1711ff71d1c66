package dev.capstan.memory.lucene;

import dev.capstan.agents.memory.Bm25;
import dev.capstan.agents.memory.MemoryGroup;
import dev.capstan.agents.memory.Query;
import dev.capstan.agents.memory.Ranking;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
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
import org.apache.lucene.util.NumericUtils;
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

  /**
   * The best of what was found, and such as are no worse than the last of them. Ranked by columns
   * alone: only what these few say is read.
   */
  List<Ranking.Candidate> candidates(Query query, Ranking ranking, Instant now) throws IOException {
    List<Figures> all = figures(found(query), ranking, now);
    all.sort(Comparator.comparingDouble(Figures::score).reversed());
    double least =
        all.size() <= query.limit() ? Double.NEGATIVE_INFINITY : all.get(query.limit() - 1).score();
    StoredFields stored = searcher.storedFields();
    List<Ranking.Candidate> candidates = new ArrayList<>();
    for (Figures each : all) {
      if (each.score() < least) {
        break;
      }
      candidates.add(
          new Ranking.Candidate(
              Entry.read(stored.document(each.number())), each.words(), each.meaning()));
    }
    return candidates;
  }

  /** What is known of an entry without reading it. */
  private record Figures(int number, double words, double meaning, double score) {}

  private Set<Integer> found(Query query) throws IOException {
    Set<Integer> found = new TreeSet<>();
    add(found, new KnnFloatVectorQuery(Entry.MEANING, meaning, query.candidates(), place), query);
    add(
        found,
        new BooleanQuery.Builder()
            .add(words, BooleanClause.Occur.MUST)
            .add(place, BooleanClause.Occur.FILTER)
            .build(),
        query);
    return found;
  }

  /** Of those that have anything to do with the query. */
  private List<Figures> figures(Set<Integer> found, Ranking ranking, Instant now)
      throws IOException {
    List<Figures> all = new ArrayList<>();
    Weight weight = searcher.createWeight(searcher.rewrite(words), ScoreMode.COMPLETE, 1);
    List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
    @Nullable Leaf leaf = null;
    for (int number : found) {
      LeafReaderContext context = leaves.get(ReaderUtil.subIndex(number, leaves));
      if (leaf == null || leaf.base != context.docBase) {
        leaf = new Leaf(context, weight, meaning);
      }
      double byWords = mostByWords == 0 ? 0 : leaf.words(number) / mostByWords;
      double byMeaning = leaf.meaning(number);
      double relevance = Ranking.relevance(byWords, byMeaning);
      if (relevance >= Ranking.LEAST_RELEVANCE) {
        double score = relevance * ranking.worth(leaf.importance(number), leaf.at(number), now);
        all.add(new Figures(number, byWords, byMeaning, score));
      }
    }
    return all;
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
    private final NumericDocValues importance;
    private final NumericDocValues at;

    Leaf(LeafReaderContext context, Weight weight, float[] target) throws IOException {
      base = context.docBase;
      words = weight.scorer(context);
      FloatVectorValues values = context.reader().getFloatVectorValues(Entry.MEANING);
      meaning = values == null ? null : values.scorer(target);
      importance = DocValues.getNumeric(context.reader(), Entry.IMPORTANCE);
      at = DocValues.getNumeric(context.reader(), Entry.AT);
    }

    double words(int number) throws IOException {
      return words != null && at(words.iterator(), number - base) ? words.score() : 0;
    }

    /** Lucene tells a dot product as (1 + dot) / 2. */
    double meaning(int number) throws IOException {
      return meaning != null && at(meaning.iterator(), number - base) ? 2 * meaning.score() - 1 : 0;
    }

    double importance(int number) throws IOException {
      return importance.advanceExact(number - base)
          ? NumericUtils.sortableLongToDouble(importance.longValue())
          : 0;
    }

    /** In milliseconds. */
    long at(int number) throws IOException {
      return at.advanceExact(number - base) ? at.longValue() : 0;
    }

    private static boolean at(DocIdSetIterator entries, int number) throws IOException {
      int here = entries.docID() < number ? entries.advance(number) : entries.docID();
      return here == number;
    }
  }
}
