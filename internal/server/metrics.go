package server

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"handrail/internal/store"
)

// Metrics count requests and look at the store. They hold numbers only: no
// address, no form, no reference.
type Metrics struct {
	reg      *prometheus.Registry
	requests *prometheus.HistogramVec
	events   *prometheus.CounterVec
}

// NewMetrics returns metrics of a server over a store.
func NewMetrics(st store.Store) *Metrics {
	m := &Metrics{
		reg: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "handraild_request_seconds",
			Help: "Time to answer.", Buckets: []float64{.001, .005, .02, .1, .5, 2, 10}}, []string{"method", "status"}),
		events: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "handraild_events_total",
			Help: "Things worth knowing: slowed, cancelled, untold."}, []string{"event"}),
	}
	m.reg.MustRegister(m.requests, m.events, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), storeCollector{st})
	return m
}

// Handler serves the metrics. It belongs on a private listener.
func (m *Metrics) Handler() http.Handler { return promhttp.HandlerFor(m.reg, promhttp.HandlerOpts{}) }

func (m *Metrics) observe(method string, code int, took time.Duration) {
	if m == nil {
		return
	}
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
	default:
		method = "other"
	}
	m.requests.WithLabelValues(method, strconv.Itoa(code)).Observe(took.Seconds())
}

func (m *Metrics) count(event string) {
	if m != nil {
		m.events.WithLabelValues(event).Inc()
	}
}

var (
	rowsDesc  = prometheus.NewDesc("handraild_rows", "Rows in the store.", []string{"kind"}, nil)
	queueDesc = prometheus.NewDesc("handraild_write_queue", "Writes that wait.", nil, nil)
)

type storeCollector struct{ st store.Store }

func (c storeCollector) Describe(ch chan<- *prometheus.Desc) { ch <- rowsDesc; ch <- queueDesc }

func (c storeCollector) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	st, err := c.st.Stats(ctx)
	if err != nil {
		return
	}
	for kind, n := range map[string]int{"draft": st.Drafts, "case": st.Cases, "held": st.Held,
		"job_waiting": st.Waiting, "job_claimed": st.Claimed, "job_dead": st.Dead} {
		ch <- prometheus.MustNewConstMetric(rowsDesc, prometheus.GaugeValue, float64(n), kind)
	}
	ch <- prometheus.MustNewConstMetric(queueDesc, prometheus.GaugeValue, float64(st.QueueLength))
}
