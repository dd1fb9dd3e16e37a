import com.google.refine.model.Cell;
import com.google.refine.model.Recon;
import com.google.refine.model.ReconCandidate;
import com.google.refine.model.recon.ReconJob;
import com.google.refine.model.recon.ReconciledDataExtensionJob;
import com.google.refine.model.recon.ReconciledDataExtensionJob.DataExtension;
import com.google.refine.model.recon.ReconciledDataExtensionJob.DataExtensionConfig;
import com.google.refine.model.recon.StandardReconConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * OpenRefine's own classes ask a reconciliation service that is open to this machine:
 * argument 1 is the address of the server. They match a column of designations, of
 * which the last is in no standard, and extend what was matched by its title and
 * jurisdiction.
 */
class OpenRefine {
    public static void main(String[] args) throws Exception {
        String service = args[0] + "/api/reconcile";
        String[][] column = {{"GB 55019-2021", "cn-gb-55019-2021"}, {"СП 59.13330.2020", "ru-sp-59-13330-2020"}, {"nothing like it", null}};
        StandardReconConfig config = new StandardReconConfig(service, args[0], args[0], "standard", "Standard", true, 10, new ArrayList<>(), 0);
        List<ReconJob> jobs = new ArrayList<>();
        for (String[] row : column) {
            jobs.add(config.createJob(null, 0, null, "name", new Cell(row[0], null)));
        }
        List<Recon> found = config.batchRecon(jobs, 1);
        for (int i = 0; i < column.length; i++) {
            Recon r = found.get(i);
            if (r.error != null) {
                fail(column[i][0] + ": " + r.error);
            }
            String got = r.judgment == Recon.Judgment.Matched ? r.match.id : null;
            if (got == null ? column[i][1] != null : !got.equals(column[i][1])) {
                fail(column[i][0] + " is reconciled with " + got + ", not " + column[i][1]);
            }
        }
        DataExtensionConfig wanted = DataExtensionConfig.reconstruct("{\"properties\":[{\"id\":\"title\",\"name\":\"Title\"},{\"id\":\"jurisdiction\",\"name\":\"Jurisdiction\"}]}");
        Map<String, DataExtension> rows = new ReconciledDataExtensionJob(wanted, service).extend(Set.of(column[0][1], column[1][1]), new HashMap<String, ReconCandidate>());
        for (String[] row : column) {
            if (row[1] == null) {
                continue;
            }
            DataExtension e = rows.get(row[1]);
            if (e == null || e.data.length != 1 || e.data[0][0] == null || !row[1].startsWith(String.valueOf(e.data[0][1]).toLowerCase())) {
                fail(row[1] + " is extended by " + (e == null ? "nothing" : java.util.Arrays.deepToString(e.data)));
            }
        }
        System.out.println("OpenRefine: " + found.size() + " cells matched and " + rows.size() + " rows extended as they should be");
    }

    static void fail(String what) {
        System.err.println(what);
        System.exit(1);
    }
}
