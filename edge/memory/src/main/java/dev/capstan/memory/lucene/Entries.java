package dev.capstan.memory.lucene;

import dev.capstan.agents.memory.Ranking;
import dev.capstan.agents.memory.Remembered;
import dev.capstan.kernel.TenantId;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.NumericUtils;

/** The entries that a query means, all of them. */
final class Entries {
  private static final Sort NEWEST_FIRST =
      new Sort(
          new SortField(Entry.AT, SortField.Type.LONG, true),
          new SortField(Entry.ID, SortField.Type.STRING));

  private record Worth(String id, double worth) {}

  private interface Seen {
    void at(LeafReaderContext leaf, int number) throws IOException;
  }

  private final IndexSearcher searcher;
  private final Query query;

  private Entries(IndexSearcher searcher, Query query) {
    this.searcher = searcher;
    this.query = query;
  }

  static Entries of(IndexSearcher searcher, Query query) {
    return new Entries(searcher, query);
  }

  /** Newest first. */
  List<Remembered> read(int skip, int limit) throws IOException {
    StoredFields stored = searcher.storedFields();
    List<Remembered> read = new ArrayList<>();
    int most = (int) Math.min((long) skip + limit, Math.max(1, searcher.getIndexReader().maxDoc()));
    ScoreDoc[] found = searcher.search(query, most, NEWEST_FIRST).scoreDocs;
    for (int i = skip; i < found.length; i++) {
      read.add(Entry.read(stored.document(found[i].doc)));
    }
    return read;
  }

  List<String> ids(Predicate<Remembered> wanted) throws IOException {
    StoredFields stored = searcher.storedFields();
    List<String> ids = new ArrayList<>();
    each((leaf, number) -> {
      Remembered memory = Entry.read(stored.document(leaf.docBase + number));
      if (wanted.test(memory)) {
        ids.add(memory.id());
      }
    });
    return ids;
  }

  /** The ids of so many that are worth least, without {@code but}. */
  List<String> least(Ranking ranking, Instant now, String but, int many) throws IOException {
    List<Worth> all = new ArrayList<>();
    each((leaf, number) -> {
      // A column is read forwards only; each entry here takes its own, which costs little beside a
      // flush.
      SortedDocValues ids = DocValues.getSorted(leaf.reader(), Entry.ID);
      NumericDocValues importance = DocValues.getNumeric(leaf.reader(), Entry.IMPORTANCE);
      NumericDocValues at = DocValues.getNumeric(leaf.reader(), Entry.AT);
      if (ids.advanceExact(number) && importance.advanceExact(number) && at.advanceExact(number)) {
        String id = ids.lookupOrd(ids.ordValue()).utf8ToString();
        double weight = NumericUtils.sortableLongToDouble(importance.longValue());
        all.add(new Worth(id, ranking.worth(weight, at.longValue(), now)));
      }
    });
    return all.stream()
        .filter(entry -> !entry.id().equals(but))
        .sorted(Comparator.comparingDouble(Worth::worth))
        .limit(many)
        .map(Worth::id)
        .toList();
  }

  private void each(Seen seen) throws IOException {
    Weight weight = searcher.createWeight(searcher.rewrite(query), ScoreMode.COMPLETE_NO_SCORES, 1);
    for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
      Scorer scorer = weight.scorer(leaf);
      if (scorer == null) {
        continue;
      }
      DocIdSetIterator entries = scorer.iterator();
      for (int number = entries.nextDoc();
          number != DocIdSetIterator.NO_MORE_DOCS;
          number = entries.nextDoc()) {
        if (leaf.reader().getLiveDocs() == null || leaf.reader().getLiveDocs().get(number)) {
          seen.at(leaf, number);
        }
      }
    }
  }

  /** The names of a tenant's groups, also of such as hold nothing any more. */
  static List<String> groups(IndexSearcher searcher, TenantId tenant) throws IOException {
    List<String> groups = new ArrayList<>();
    String prefix = tenant.value() + "\n";
    Terms places = MultiTerms.getTerms(searcher.getIndexReader(), Entry.PLACE);
    if (places == null) {
      return groups;
    }
    TermsEnum each = places.iterator();
    if (each.seekCeil(new BytesRef(prefix)) == TermsEnum.SeekStatus.END) {
      return groups;
    }
    for (BytesRef place = each.term(); place != null; place = each.next()) {
      String name = place.utf8ToString();
      if (!name.startsWith(prefix)) {
        return groups;
      }
      groups.add(name.substring(prefix.length()));
    }
    return groups;
  }
}
